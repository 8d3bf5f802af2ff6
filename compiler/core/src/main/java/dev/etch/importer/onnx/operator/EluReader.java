// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.op.Elu;

/** Elu. */
final class EluReader implements OperatorReader {
  @Override
  public Signature signature() {
    return Signature.of(1, 1, "alpha");
  }

  @Override
  public String notes() {
    return "by table";
  }

  @Override
  public void read(NodeContext node) {
    node.emitResult(new Elu(node.attributes().finite("alpha", 1)), node.value(0));
  }
}
