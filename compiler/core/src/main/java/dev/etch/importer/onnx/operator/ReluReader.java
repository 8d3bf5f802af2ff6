// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.op.Relu;

/** Relu. */
final class ReluReader implements OperatorReader {
  @Override
  public Signature signature() {
    return Signature.of(1, 1);
  }

  @Override
  public String notes() {
    return "";
  }

  @Override
  public void read(NodeContext node) {
    node.emitResult(new Relu(), node.value(0));
  }
}
