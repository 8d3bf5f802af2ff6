// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.graph.Value;
import dev.etch.importer.Refusal;
import dev.etch.importer.TfliteKernels;
import dev.etch.importer.tflite.schema.Activation;
import dev.etch.op.Op;
import dev.etch.op.Quantization;
import dev.etch.op.Requantize;
import dev.etch.op.Reshape;
import dev.etch.op.requantization.DoubleProduct;
import dev.etch.op.requantization.QuantizedMultiplier;
import dev.etch.op.requantization.Requantization;
import dev.etch.op.requantization.ShortFixedPoint;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Operands of a layer with weights: input, weights, bias; and what follows its accumulator.
 *
 * @param biasOperand number of the bias, which may be left out
 */
record LayerOperands(
    OperatorContext node,
    Quantization input,
    Quantization weights,
    Quantization output,
    int biasOperand) {
  private static final int WEIGHTS = 1;

  /** Half of what 32 bits hold, so that there is room for the accumulator. */
  private static final double LARGEST_RESULT = 1 << 30;

  /** Of an operator with operands input, weights and bias. */
  static LayerOperands of(OperatorContext node) {
    return of(node, 0, 2);
  }

  /** Of an operator with these operands, the bias last and perhaps left out, and weights at 1. */
  static LayerOperands of(OperatorContext node, int inputOperand, int biasOperand) {
    node.operands(biasOperand, biasOperand + 1);
    LayerOperands layer =
        new LayerOperands(
            node,
            node.operand(inputOperand).perTensor(),
            node.operand(WEIGHTS).quantization(),
            node.result(0).perTensor(),
            biasOperand);
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

  /**
   * The layer whose channels are phases of the result's channels.
   *
   * @param assembly of the result, one operator after another
   * @param phases channels of the layer for each channel of the result
   */
  void emitAssembled(
      Op accumulate,
      Value x,
      IntegerTensor graphWeights,
      Requantize requantize,
      List<Op> assembly,
      int phases) {
    List<Requantization> repeated = repeated(requantize.channels(), phases);
    List<Op> operators = new ArrayList<>();
    operators.add(new Requantize(repeated, requantize.channelAxis(), requantize.output()));
    operators.addAll(assembly);
    Value value = accumulator(accumulate, x, graphWeights, bias(phases));
    for (Op operator : operators.subList(0, operators.size() - 1)) {
      value = node.emit("phases", operator, value);
    }
    node.finish(operators.get(operators.size() - 1), value);
  }

  /** What belongs to the whole tensor stays one. */
  private static List<Requantization> repeated(List<Requantization> channels, int times) {
    return channels.size() == 1
        ? channels
        : channels.stream().flatMap(c -> Collections.nCopies(times, c).stream()).toList();
  }

  private Optional<Value> bias(int times) {
    if (!hasIntBias()) {
      return Optional.empty();
    }
    int[] once = node.constant(biasOperand).data();
    int[] data = new int[Math.multiplyExact(once.length, times)];
    Arrays.setAll(data, c -> once[c / times]);
    return Optional.of(
        node.emitConstant(
            biasOperand, IntegerTensor.of(IntegerType.INT32, Shape.of(data.length), data)));
  }

  private boolean hasIntBias() {
    return node.has(biasOperand) && !hasLongBias();
  }

  private Value accumulator(Op accumulate, Value x, IntegerTensor graphWeights) {
    Optional<Value> bias = hasIntBias() ? Optional.of(node.value(biasOperand)) : Optional.empty();
    return accumulator(accumulate, x, graphWeights, bias);
  }

  private Value accumulator(
      Op accumulate, Value x, IntegerTensor graphWeights, Optional<Value> bias) {
    Value w = node.emitConstant(WEIGHTS, graphWeights);
    return bias.isPresent()
        ? node.emit("accumulator", accumulate, x, w, bias.get())
        : node.emit("accumulator", accumulate, x, w);
  }

  /** Requantization of a convolution with {@code outputs} channels on an axis of its result. */
  Requantize convolutionRescaling(Activation activation, int channelAxis, int outputs) {
    // Without a bias the kernel for 64-bit ones is taken.
    return convolutionRescaling(activation, channelAxis, outputs, true);
  }

  /** Requantization of a transposed convolution, likewise. */
  Requantize transposedRescaling(Activation activation, int channelAxis, int outputs) {
    // Without a bias today's kernel for 64-bit ones is taken, and was that for 32 bits before.
    return convolutionRescaling(
        activation, channelAxis, outputs, node.kernels() == TfliteKernels.CURRENT);
  }

  private Requantize convolutionRescaling(
      Activation activation, int channelAxis, int outputs, boolean isLongWithoutBias) {
    List<QuantizedMultiplier> multipliers =
        isUnsigned()
            ? Rescaling.inFloat(input, weights, output)
            : Rescaling.inDouble(input, weights, output);
    boolean isLongBias = node.has(biasOperand) ? hasLongBias() : isLongWithoutBias;
    boolean isLong = ActivationTypes.isWide(input) && isLongBias;
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
              new DoubleProduct(biases[o], scale, output.zeroPoint(0), range.low(), range.high())));
    }
    return channels;
  }

  private boolean hasLongBias() {
    return node.has(biasOperand)
        && node.operand(biasOperand).type().element().equals(IntegerType.INT64);
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
              ShortFixedPoint.of(
                  biases[o], multiplier, output.zeroPoint(0), range.low(), range.high())));
    }
    return channels;
  }

  private long[] longBiases(int scales, int outputs) {
    long[] biases = node.has(biasOperand) ? node.longs(biasOperand) : new long[outputs];
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
