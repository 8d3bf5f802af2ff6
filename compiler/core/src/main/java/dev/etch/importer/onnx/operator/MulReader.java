// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.importer.onnx.data.Operand;
import dev.etch.op.Multiply;

/** Mul of two tensors, or with a constant per tensor or per channel. */
final class MulReader implements OperatorReader {
  @Override
  public Signature signature() {
    return Signature.of(2, 2);
  }

  @Override
  public String notes() {
    return "float32, broadcasting; constants that are not quantized per tensor or channel; int64 shape"
        + " arithmetic is folded";
  }

  @Override
  public void read(NodeContext node) {
    if (LongArithmetic.fold(node, Math::multiplyExact)) {
      return;
    }
    if (isTensor(node, 0) && isTensor(node, 1)) {
      node.emitResult(new Multiply(), node.value(0), node.value(1));
      return;
    }
    int constant = node.isConstant(1) ? 1 : 0;
    Scaling.result(node, 1 - constant, node.floats(constant, "the constant factor"));
  }

  /** Whether a factor is computed, or constant integers that stand for numbers. */
  private static boolean isTensor(NodeContext node, int input) {
    return !node.isConstant(input)
        || (node.operand(input) instanceof Operand.DequantizedConstant constant
            && !constant.floatBias());
  }
}
