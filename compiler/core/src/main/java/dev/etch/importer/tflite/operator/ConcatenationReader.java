// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.graph.Value;
import dev.etch.importer.onnx.data.Refusal;
import dev.etch.importer.tflite.schema.Activation;
import dev.etch.op.Concat;

/** CONCATENATION of tensors that are quantized alike. */
final class ConcatenationReader implements OperatorReader {
  private static final int AXIS = 0;
  private static final int ACTIVATION = 1;

  @Override
  public String notes() {
    return "operands quantized alike";
  }

  @Override
  public void read(OperatorContext node) {
    if (node.options().activation(ACTIVATION) != Activation.NONE) {
      throw new Refusal("a concatenation with a fused activation", "use RELU before it");
    }
    Value[] operands = new Value[node.operandCount()];
    for (int i = 0; i < operands.length; i++) {
      Quantizations.requireEqual(node, i);
      operands[i] = node.value(i);
    }
    int axis = node.options().int32(AXIS, 0);
    node.finish(new Concat(axis < 0 ? axis + node.result(0).shape().rank() : axis), operands);
  }
}
