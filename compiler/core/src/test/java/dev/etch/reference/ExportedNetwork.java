// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import dev.etch.tensor.FloatType;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.TensorType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** Builds small networks as the exporters of Brevitas, Vitis, TensorRT and others write them. */
final class ExportedNetwork {
  private static final int CHANNELS = 4;
  private static final int SIDE = 5;
  private static final int WIDE_OPERATOR_SET = 21;
  private static final IntegerType INT16 = new IntegerType(16, true);

  private final OnnxModel model = new OnnxModel();
  private final IntegerType type;
  private final boolean powersOfTwo;
  private final Random random;
  private final Map<String, Float> scales = new HashMap<>();
  private int names;

  /**
   * An empty network.
   *
   * @param type of the activations
   * @param powersOfTwo whether all scales are powers of two, so that float sums are exact
   */
  ExportedNetwork(IntegerType type, boolean powersOfTwo, int frames, int seed) {
    this.type = type;
    this.powersOfTwo = powersOfTwo;
    this.random = new Random(seed);
    model.input("x", new TensorType(FloatType.FLOAT32, Shape.of(frames, CHANNELS, SIDE, SIDE)));
  }

  /** The network of a name. */
  OnnxModel build(String kind) {
    String result =
        switch (kind) {
          case "clipped" ->
              clipped(conv(rectified(conv(clipped("x"), clippedWeights())), clippedWeights()));
          case "bias of 8 bits" -> conv(quantized("x", 0.02f), bias(IntegerType.INT8, 0.03f));
          case "bias of 16 bits" -> conv(wide(quantized("x", 0.02f)), bias(INT16, 0.0002f));
          case "residual" -> residual(quantized("x", 0.02f));
          case "added bias" -> product(quantized("x", 0.02f));
          case "sixteen bits" -> sixteen(wide(quantized("x", 0.00005f)));
          default -> throw new IllegalArgumentException(kind);
        };
    if (!scales.containsKey(result)) {
      result = quantized(result, type.bits() > 8 ? 0.0003f : 0.07f);
    }
    model.node("", "Identity", List.of(result), "y");
    return model.output("y", FloatType.FLOAT32);
  }

  private String wide(String x) {
    model.operatorSet(WIDE_OPERATOR_SET);
    return x;
  }

  private String residual(String x) {
    String inside = quantized(op("Relu", conv(x, null)), 0.03f);
    return quantized(op("Relu", op("Add", conv(inside, null), quantized(x, 0.025f))), 0.06f);
  }

  private String sixteen(String x) {
    String inside = quantized(op("Relu", conv(x, null)), 0.0002f);
    String pooled = op("MaxPool", new Object[] {"kernel_shape", new int[] {2, 2}}, inside);
    return conv(pooled, null);
  }

  private String product(String x) {
    String weights = name();
    float[] weightScales = new float[SIDE + 1];
    float[] biasScales = new float[weightScales.length];
    for (int c = 0; c < weightScales.length; c++) {
      weightScales[c] = scale(0.004f);
      biasScales[c] = scales.get(x) * weightScales[c];
    }
    constant(weights, IntegerType.INT8, Shape.of(SIDE, SIDE + 1), 63, 1, weightScales);
    String bias = name();
    constant(bias, IntegerType.INT32, Shape.of(SIDE + 1), 3000, 0, biasScales);
    return op("Add", op("MatMul", x, weights), bias);
  }

  private String rectified(String value) {
    return clip(op("Relu", value), 0.2f, IntegerType.UINT8, 0, 0, 15);
  }

  private String clipped(String value) {
    return type.signed() ? clip(value, 0.2f, type, 0, -8, 7) : clip(value, 0.2f, type, 8, 0, 15);
  }

  private String clip(
      String value, float about, IntegerType integers, int zeroPoint, int low, int high) {
    String name = name();
    float scale = scale(about);
    model.scales(name + "_scale", scale).zeroPoints(name + "_zero", integers, zeroPoint);
    model.zeroPoints(name + "_low", integers, low).zeroPoints(name + "_high", integers, high);
    model.node("", "QuantizeLinear", List.of(value, name + "_scale", name + "_zero"), name + "_q");
    model.node("", "Clip", List.of(name + "_q", name + "_low", name + "_high"), name + "_c");
    model.node("", "DequantizeLinear", List.of(name + "_c", name + "_scale", name + "_zero"), name);
    scales.put(name, scale);
    return name;
  }

  private String op(String operator, String... operands) {
    return op(operator, new Object[0], operands);
  }

  private String op(String operator, Object[] attributes, String... operands) {
    String name = name();
    model.node("", operator, List.of(operands), name, attributes);
    scales.computeIfAbsent(name, n -> operator.equals("MaxPool") ? scales.get(operands[0]) : null);
    return name;
  }

  private String quantized(String value, float about) {
    String name = name();
    float scale = scale(about);
    int zeroPoint = type.signed() ? 0 : (int) (type.maximum() / 2) + random.nextInt(9);
    model.scales(name + "_scale", scale).zeroPoints(name + "_zero", type, zeroPoint);
    model.node("", "QuantizeLinear", List.of(value, name + "_scale", name + "_zero"), name + "_q");
    model.node("", "DequantizeLinear", List.of(name + "_q", name + "_scale", name + "_zero"), name);
    scales.put(name, scale);
    return name;
  }

  private String bias(IntegerType integers, float scale) {
    String name = name();
    int largest = integers.bits() > 8 ? 3000 : 127;
    constant(name, integers, Shape.of(CHANNELS), largest, 0, scale(scale));
    return name;
  }

  private String clippedWeights() {
    String name = name();
    Shape shape = Shape.of(CHANNELS, CHANNELS, 3, 3);
    model.constant(name + "_i", integers(IntegerType.INT8, shape, 127));
    model.zeroPoints(name + "_low", IntegerType.INT8, -7);
    model.zeroPoints(name + "_high", IntegerType.INT8, 7);
    model.node("", "Clip", List.of(name + "_i", name + "_low", name + "_high"), name + "_c");
    model.scales(name + "_scale", scale(0.08f)).zeroPoints(name + "_zero", IntegerType.INT8, 0);
    model.node("", "DequantizeLinear", List.of(name + "_c", name + "_scale", name + "_zero"), name);
    return "weights " + name;
  }

  /** A convolution with the weights of a name, or with a bias, or with neither. */
  private String conv(String x, String other) {
    boolean isWeights = other != null && other.startsWith("weights ");
    String weights = isWeights ? other.substring("weights ".length()) : name();
    if (!isWeights) {
      float[] each = new float[CHANNELS];
      for (int c = 0; c < CHANNELS; c++) {
        each[c] = scale(0.005f);
      }
      constant(weights, IntegerType.INT8, Shape.of(CHANNELS, CHANNELS, 3, 3), 63, 0, each);
    }
    List<String> operands =
        other == null || isWeights ? List.of(x, weights) : List.of(x, weights, other);
    String name = name();
    model.node("", "Conv", operands, name, "pads", new int[] {1, 1, 1, 1});
    return name;
  }

  private void constant(
      String name, IntegerType element, Shape shape, int largest, int axis, float... each) {
    model.constant(name + "_i", integers(element, shape, largest));
    model.scales(name + "_scale", each);
    model.zeroPoints(name + "_zero", element, new int[each.length]);
    model.node(
        "",
        "DequantizeLinear",
        List.of(name + "_i", name + "_scale", name + "_zero"),
        name,
        "axis",
        axis);
  }

  private IntegerTensor integers(IntegerType element, Shape shape, int largest) {
    int[] data =
        IntStream.range(0, shape.elements())
            .map(i -> random.nextInt(2 * largest + 1) - largest)
            .toArray();
    return IntegerTensor.of(element, shape, data);
  }

  private float scale(float about) {
    return powersOfTwo
        ? (float) Math.scalb(1, Math.getExponent(about))
        : (float) (about * (0.8 + 0.4 * random.nextDouble()));
  }

  private String name() {
    return "v" + names++;
  }
}
