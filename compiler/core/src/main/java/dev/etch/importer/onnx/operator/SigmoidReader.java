// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.op.Sigmoid;

/** Sigmoid. */
final class SigmoidReader implements OperatorReader {
  @Override
  public Signature signature() {
    return Signature.of(1, 1);
  }

  @Override
  public String notes() {
    return "by table";
  }

  @Override
  public void read(NodeContext node) {
    node.emitResult(new Sigmoid(), node.value(0));
  }
}
