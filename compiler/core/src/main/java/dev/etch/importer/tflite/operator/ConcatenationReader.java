// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.graph.Value;
import dev.etch.importer.Refusal;
import dev.etch.importer.tflite.schema.Activation;
import dev.etch.op.Concat;
import dev.etch.op.Lookup;
import dev.etch.op.Quantization;
import dev.etch.tensor.IntegerType;

/**
 * CONCATENATION. TFLite's kernel demands one quantization of int8 operands; uint8 operands it
 * rescales, in float32 and with ties away from zero: a table of each.
 */
final class ConcatenationReader implements OperatorReader {
  private static final int AXIS = 0;
  private static final int ACTIVATION = 1;

  @Override
  public String notes() {
    return "operands quantized alike; uint8 is rescaled";
  }

  @Override
  public void read(OperatorContext node) {
    if (node.options().activation(ACTIVATION) != Activation.NONE) {
      throw new Refusal("a concatenation with a fused activation", "use RELU before it");
    }
    Value[] operands = new Value[node.operandCount()];
    for (int i = 0; i < operands.length; i++) {
      operands[i] = rescaled(node, i);
    }
    int axis = node.options().int32(AXIS, 0);
    node.finish(new Concat(axis < 0 ? axis + node.result(0).shape().rank() : axis), operands);
  }

  /** TFLite {@code ConcatenationWithScaling}. */
  private static Value rescaled(OperatorContext node, int operand) {
    TensorInfo from = node.operand(operand);
    TensorInfo to = node.result(0);
    boolean unsigned =
        from.type().element().equals(IntegerType.UINT8)
            && to.type().element().equals(IntegerType.UINT8)
            && from.isQuantized()
            && to.isQuantized();
    if (!unsigned || from.perTensor().equals(to.perTensor())) {
      Quantizations.requireEqual(node, operand);
      return node.value(operand);
    }
    Quantization input = from.perTensor();
    Quantization output = to.perTensor();
    float scale = input.scale(0) * (1 / output.scale(0));
    float bias = -input.zeroPoint(0) * scale;
    Lookup table =
        Lookup.of(
            input.type(),
            output.type(),
            x -> {
              long rounded = (long) RealTable.roundAway(x * scale + bias);
              return (int) output.type().saturate(rounded + output.zeroPoint(0));
            });
    return node.emit("rescaled" + operand, table, node.value(operand));
  }
}
