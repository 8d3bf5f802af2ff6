// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.importer.Refusal;

/** Mul with a constant per tensor or per channel. */
final class MulReader implements OperatorReader {
  @Override
  public Signature signature() {
    return Signature.of(2, 2);
  }

  @Override
  public String notes() {
    return "times a float32 constant per tensor or channel; int64 shape arithmetic is folded";
  }

  @Override
  public void read(NodeContext node) {
    if (LongArithmetic.fold(node, Math::multiplyExact)) {
      return;
    }
    if (!node.isConstant(0) && !node.isConstant(1)) {
      throw new Refusal(
          "multiplies two values that are computed from the model's input",
          "one factor must be constant");
    }
    int constant = node.isConstant(1) ? 1 : 0;
    Scaling.result(node, 1 - constant, node.floats(constant, "the constant factor"));
  }
}
