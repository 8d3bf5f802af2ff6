// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.op.Add;

/** Add of opsets 7 to 14. */
final class AddReader implements OperatorReader {
  @Override
  public Signature signature() {
    return Signature.of(2, 2);
  }

  @Override
  public String notes() {
    return "float32, broadcasting; int64 shape arithmetic is folded";
  }

  @Override
  public void read(NodeContext node) {
    if (LongArithmetic.fold(node, Math::addExact)) {
      return;
    }
    node.emitResult(new Add(), FloatBias.value(node, 0), FloatBias.value(node, 1));
  }
}
