// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.graph.Value;
import dev.etch.importer.Refusal;
import dev.etch.importer.TfliteKernels;
import dev.etch.importer.tflite.schema.Activation;
import dev.etch.op.Op;
import dev.etch.op.Quantization;
import dev.etch.op.QuantizedMultiplier;
import dev.etch.op.Requantization;
import dev.etch.op.Requantize;
import dev.etch.op.Reshape;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import java.util.ArrayList;
import java.util.List;

/** Operands of a layer with weights: input, weights, bias; and what follows its accumulator. */
record LayerOperands(
    OperatorContext node, Quantization input, Quantization weights, Quantization output) {
  private static final int INPUT = 0;
  private static final int WEIGHTS = 1;
  private static final int BIAS = 2;

  /** Half of what 32 bits hold, so that there is room for the accumulator. */
  private static final double LARGEST_RESULT = 1 << 30;

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
    boolean fits =
        activation.signed()
            ? weights.type().signed() && weights.type().bits() <= 8
            : weights.type().equals(IntegerType.UINT8) && weights.isPerTensor();
    boolean isKnown = activation.bits() == 8 || ActivationTypes.isWide(input);
    if (!isKnown || !output.type().equals(activation) || !fits) {
      throw new Refusal(
          "%s activations with %s weights and %s results"
              .formatted(activation, weights.type(), output.type()),
          "quantize to int8 or int16 activations and int8 weights, or to uint8 with one scale a "
              + "tensor");
    }
    ActivationTypes.checkSymmetric(input);
    ActivationTypes.checkSymmetric(output);
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
    return node.has(BIAS) && !hasLongBias()
        ? node.emit("accumulator", accumulate, x, w, node.value(BIAS))
        : node.emit("accumulator", accumulate, x, w);
  }

  /** Requantization of a convolution with {@code outputs} channels on an axis of its result. */
  Requantize convolutionRescaling(Activation activation, int channelAxis, int outputs) {
    List<QuantizedMultiplier> multipliers =
        isUnsigned()
            ? Rescaling.inFloat(input, weights, output)
            : Rescaling.inDouble(input, weights, output);
    // Without a bias the kernel for 64-bit ones is taken.
    boolean isLong = ActivationTypes.isWide(input) && (!node.has(BIAS) || hasLongBias());
    return rescaling(multipliers, isLong, activation, channelAxis, outputs);
  }

  /** Requantization of a dense layer with {@code outputs} results. */
  Requantize denseRescaling(Activation activation, int channelAxis, int outputs) {
    if (node.kernels() == TfliteKernels.CURRENT) {
      return requantize(inDoublePrecision(activation, outputs), channelAxis);
    }
    List<QuantizedMultiplier> multipliers =
        weights.isPerTensor()
            ? Rescaling.inFloat(input, weights, output)
            : Rescaling.inDouble(input, weights, output);
    return rescaling(multipliers, hasLongBias(), activation, channelAxis, outputs);
  }

  /** Without the fixed-point multipliers: the ratio of scales itself, from left to right. */
  private List<Requantization> inDoublePrecision(Activation activation, int outputs) {
    OutputRange range = OutputRange.of(output, activation);
    List<Double> scales =
        weights.scales().stream()
            .map(scale -> (double) input.scale(0) * scale / output.scale(0))
            .toList();
    long[] biases = hasLongBias() ? longBiases(scales.size(), outputs) : new long[scales.size()];
    List<Requantization> channels = new ArrayList<>();
    for (int o = 0; o < biases.length; o++) {
      double scale = scales.get(scales.size() == 1 ? 0 : o);
      channels.add(
          checked(
              biases[o],
              new Requantization.DoubleProduct(
                  biases[o], scale, output.zeroPoint(0), range.low(), range.high())));
    }
    return channels;
  }

  private boolean hasLongBias() {
    return node.has(BIAS) && node.operand(BIAS).type().element().equals(IntegerType.INT64);
  }

  private Requantize rescaling(
      List<QuantizedMultiplier> multipliers,
      boolean isLong,
      Activation activation,
      int channelAxis,
      int outputs) {
    List<Requantization> channels =
        isLong
            ? longStaircases(multipliers, activation, outputs)
            : multipliers.stream()
                .map(multiplier -> Rescaling.fixedPoint(0, multiplier, output, activation))
                .toList();
    return requantize(channels, channelAxis);
  }

  private Requantize requantize(List<Requantization> channels, int channelAxis) {
    return new Requantize(channels, channels.size() == 1 ? 0 : channelAxis, output.type());
  }

  /** One for each output, with its bias, which may have more than the accumulator's 32 bits. */
  private List<Requantization> longStaircases(
      List<QuantizedMultiplier> multipliers, Activation activation, int outputs) {
    long[] biases = longBiases(multipliers.size(), outputs);
    OutputRange range = OutputRange.of(output, activation);
    List<Requantization> channels = new ArrayList<>();
    for (int o = 0; o < outputs; o++) {
      QuantizedMultiplier multiplier = multipliers.get(multipliers.size() == 1 ? 0 : o);
      channels.add(
          checked(
              biases[o],
              Requantization.ShortFixedPoint.of(
                  biases[o], multiplier, output.zeroPoint(0), range.low(), range.high())));
    }
    return channels;
  }

  private long[] longBiases(int scales, int outputs) {
    long[] biases = node.has(BIAS) ? node.longs(BIAS) : new long[outputs];
    if (biases.length != outputs || (scales != 1 && scales != outputs)) {
      throw new Refusal(
          "%d biases and %d scales of %d outputs".formatted(biases.length, scales, outputs),
          "convert the model again");
    }
    return biases;
  }

  private static Requantization checked(long bias, Requantization staircase) {
    if (Math.abs(bias) * staircase.ratio() >= LARGEST_RESULT) {
      throw new Refusal(
          "a bias of %d at a ratio of scales of %s".formatted(bias, staircase.ratio()),
          "the result leaves TFLite's 32 bits: check the scales in the model");
    }
    return staircase;
  }
}
