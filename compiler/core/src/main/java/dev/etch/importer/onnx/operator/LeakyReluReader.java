// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.op.LeakyRelu;

/** LeakyRelu. */
final class LeakyReluReader implements OperatorReader {
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
    node.emitResult(new LeakyRelu(node.attributes().finite("alpha", 0.01f)), node.value(0));
  }
}
