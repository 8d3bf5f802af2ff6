// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.graph.Value;
import dev.etch.importer.Refusal;
import dev.etch.importer.tflite.schema.Activation;
import dev.etch.op.Op;
import dev.etch.op.Quantization;
import dev.etch.op.Requantize;
import dev.etch.op.Reshape;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;

/** Operands of a layer with weights: input, weights, bias; and what follows its accumulator. */
record LayerOperands(
    OperatorContext node, Quantization input, Quantization weights, Quantization output) {
  private static final int INPUT = 0;
  private static final int WEIGHTS = 1;
  private static final int BIAS = 2;

  static LayerOperands of(OperatorContext node) {
    node.operands(2, 3);
    LayerOperands layer =
        new LayerOperands(
            node,
            node.operand(INPUT).perTensor(),
            node.operand(WEIGHTS).quantization(),
            node.result(0).perTensor());
    layer.checkTypes();
    return layer;
  }

  private void checkTypes() {
    IntegerType activation = input.type();
    boolean isByte = activation.bits() == 8 && output.type().equals(activation);
    boolean fits =
        activation.signed()
            ? weights.type().signed() && weights.type().bits() <= 8
            : weights.type().equals(IntegerType.UINT8) && weights.isPerTensor();
    if (!isByte || !fits) {
      throw new Refusal(
          "%s activations with %s weights and %s results"
              .formatted(activation, weights.type(), output.type()),
          "quantize to int8 activations and weights, or to uint8 with one scale a tensor");
    }
  }

  /** Whether activations are uint8: the first generation of quantized models. */
  boolean isUnsigned() {
    return !input.type().signed();
  }

  /** The stored weights. */
  IntegerTensor storedWeights() {
    return node.constant(WEIGHTS);
  }

  /** Zero point of the weights. */
  int weightZeroPoint() {
    return WeightLayout.zeroPoint(weights);
  }

  /** The layer: exact accumulator, then the requantization. */
  void emit(Op accumulate, Value x, IntegerTensor graphWeights, Requantize requantize) {
    node.finish(requantize, accumulator(accumulate, x, graphWeights));
  }

  /** The layer with its result in another shape. */
  void emitReshaped(
      Op accumulate, Value x, IntegerTensor graphWeights, Requantize requantize, Reshape reshape) {
    Value sums = accumulator(accumulate, x, graphWeights);
    node.finish(reshape, node.emit("requantized", requantize, sums));
  }

  private Value accumulator(Op accumulate, Value x, IntegerTensor graphWeights) {
    Value w = node.emitConstant(WEIGHTS, graphWeights);
    return node.has(BIAS)
        ? node.emit("accumulator", accumulate, x, w, node.value(BIAS))
        : node.emit("accumulator", accumulate, x, w);
  }

  /** Requantization of a convolution, a channel each where the weights have several scales. */
  Requantize convolutionRescaling(Activation activation, int channelAxis) {
    return isUnsigned()
        ? Rescaling.inFloat(input, weights, output, activation)
        : Rescaling.inDouble(input, weights, output, activation, channelAxis);
  }

  /** Requantization of a dense layer. */
  Requantize denseRescaling(Activation activation, int channelAxis) {
    return weights.isPerTensor()
        ? Rescaling.inFloat(input, weights, output, activation)
        : Rescaling.inDouble(input, weights, output, activation, channelAxis);
  }
}
