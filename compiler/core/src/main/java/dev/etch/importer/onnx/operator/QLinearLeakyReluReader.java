// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.op.LeakyRelu;

/** ONNX Runtime's QLinearLeakyRelu: a table. */
final class QLinearLeakyReluReader implements OperatorReader {
  @Override
  public Signature signature() {
    return Signature.of(4, 5, "alpha");
  }

  @Override
  public String notes() {
    return "8 bits, by table";
  }

  @Override
  public void read(NodeContext node) {
    QuantizedFunction.read(node, new LeakyRelu(node.attributes().finite("alpha", 0.01f)));
  }
}
