// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.op.Dequantize;

/** DEQUANTIZE to float32. */
final class DequantizeReader implements OperatorReader {
  @Override
  public String notes() {
    return "to float32, on the host";
  }

  @Override
  public void read(OperatorContext node) {
    node.operands(1, 1);
    node.finish(new Dequantize(node.operand(0).perTensor()), node.value(0));
  }
}
