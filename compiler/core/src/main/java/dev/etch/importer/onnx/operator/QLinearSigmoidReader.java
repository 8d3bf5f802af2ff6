// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.op.Sigmoid;

/** ONNX Runtime's QLinearSigmoid: a table. */
final class QLinearSigmoidReader implements OperatorReader {
  @Override
  public Signature signature() {
    return Signature.of(4, 5);
  }

  @Override
  public String notes() {
    return "8 bits, by table";
  }

  @Override
  public void read(NodeContext node) {
    QuantizedFunction.read(node, new Sigmoid());
  }
}
