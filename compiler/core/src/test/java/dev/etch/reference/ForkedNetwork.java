// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.FloatType;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** Builds a small QDQ network of ONNX whose values may have several readers. */
final class ForkedNetwork {
  static final float INPUT_SCALE = 0.0625f;

  private static final int CHANNELS = 4;
  private static final int LARGEST_WEIGHT = 63;
  private static final int LARGEST_BIAS = 2000;

  private final OnnxModel model = new OnnxModel();
  private final IntegerType type;
  private final boolean perChannel;
  private final boolean powersOfTwo;
  private final Random random;
  private final Map<String, Float> scales = new HashMap<>();
  private int names;

  /**
   * An empty network.
   *
   * @param type of the activations
   * @param perChannel whether each channel of the weights has a scale
   * @param powersOfTwo whether all scales are powers of two, so that float sums are exact
   */
  ForkedNetwork(IntegerType type, boolean perChannel, boolean powersOfTwo, int frames, int seed) {
    this.type = type;
    this.perChannel = perChannel;
    this.powersOfTwo = powersOfTwo;
    this.random = new Random(seed);
    model.input("x", new TensorType(FloatType.FLOAT32, Shape.of(frames, CHANNELS, 6, 5)));
  }

  /** The network of a name. */
  OnnxModel build(String kind) {
    String x = quantized("x", INPUT_SCALE);
    String c = quantized(conv(x, 3), 0.11f);
    String result =
        switch (kind) {
          case "fork" -> sum(c, quantized(conv(c, 3), 0.23f));
          case "three readers" -> sum(c, sum(quantized(conv(c, 3), 0.2f), convolved(c, 1)));
          case "residual chain" -> convolved(residual(residual(c)), 1);
          case "squeeze and excite" -> convolved(product(c, excited(c)), 1);
          case "concat" -> joined(c, convolved(c, 1));
          case "global average" ->
              sum(convolved(c, 3), quantized(op("GlobalAveragePool", c), 0.017f));
          case "input fork" -> product(sum(c, convolved(x, 1)), convolved(x, 3));
          case "signed sum and product" -> sum(product(c, convolved(c, 1)), convolved(c, 1));
          case "quantized for each reader" -> sum(c, convolved(again("x", x), 3));
          case "average over the edge" -> sum(c, quantized(averaged(c), 0.083f));
          case "difference" -> quantized(op("Sub", c, convolved(c, 1)), 0.15f);
          case "normalized" -> convolved(quantized(normalized(c), 0.14f), 1);
          default -> throw new IllegalArgumentException(kind);
        };
    model.node("", "Identity", List.of(result), "y");
    return model.output("y", FloatType.FLOAT32);
  }

  private String residual(String x) {
    String inside = rectified(conv(x, 3), 0.13f);
    return rectified(op("Add", x, convolved(inside, 3)), 0.12f);
  }

  private String averaged(String x) {
    String name = name();
    model.node(
        "",
        "AveragePool",
        List.of(x),
        name,
        "kernel_shape",
        new int[] {3, 3},
        "pads",
        new int[] {1, 1, 1, 1});
    return name;
  }

  /** As exporters write it that give each reader a QuantizeLinear of its own. */
  private String again(String value, String quantized) {
    List<String> how = List.of(quantized + "_scale", quantized + "_zero");
    String name = name();
    model.node("", "QuantizeLinear", List.of(value, how.get(0), how.get(1)), name + "_q");
    model.node("", "DequantizeLinear", List.of(name + "_q", how.get(0), how.get(1)), name);
    scales.put(name, scales.get(quantized));
    return name;
  }

  /** A batch normalization whose factors are quantized constants. */
  private String normalized(String x) {
    String name = name();
    constant(name + "_f", IntegerType.INT8, Shape.of(CHANNELS), LARGEST_WEIGHT, scale(0.03f));
    List<String> operands = new ArrayList<>(List.of(x, name + "_f"));
    for (String what : List.of("_bias", "_mean", "_variance")) {
      float[] data = new float[CHANNELS];
      for (int c = 0; c < CHANNELS; c++) {
        data[c] = 0.1f + random.nextFloat();
      }
      model.constant(name + what, FloatTensor.of(Shape.of(CHANNELS), data));
      operands.add(name + what);
    }
    model.node("", "BatchNormalization", operands, name);
    return name;
  }

  private String excited(String x) {
    String mean = quantized(op("GlobalAveragePool", x), 0.019f);
    String inside = rectified(conv(mean, 1), 0.031f);
    return quantized(op("Sigmoid", convolved(inside, 1)), 1 / 256f);
  }

  private String convolved(String x, int kernel) {
    return quantized(conv(x, kernel), 0.21f);
  }

  private String sum(String left, String right) {
    return quantized(op("Add", left, right), 0.17f);
  }

  private String product(String left, String right) {
    return quantized(op("Mul", left, right), 0.09f);
  }

  private String joined(String left, String right) {
    String name = name();
    model.node("", "Concat", List.of(left, right), name, "axis", 1);
    return quantized(name, 0.19f);
  }

  private String op(String operator, String... operands) {
    String name = name();
    model.node("", operator, List.of(operands), name);
    return name;
  }

  private String rectified(String value, float scale) {
    return quantized(op("Relu", value), scale, (int) type.minimum());
  }

  private String quantized(String value, float scale) {
    return quantized(value, scale, (type.signed() ? 0 : 128) + random.nextInt(41) - 20);
  }

  private String quantized(String value, float about, int zeroPoint) {
    String name = name();
    float scale = value.equals("x") ? INPUT_SCALE : scale(about);
    model.scales(name + "_scale", scale).zeroPoints(name + "_zero", type, zeroPoint);
    List<String> how = List.of(name + "_scale", name + "_zero");
    model.node("", "QuantizeLinear", List.of(value, how.get(0), how.get(1)), name + "_q");
    model.node("", "DequantizeLinear", List.of(name + "_q", how.get(0), how.get(1)), name);
    scales.put(name, scale);
    return name;
  }

  private String conv(String x, int kernel) {
    String name = name();
    int count = perChannel ? CHANNELS : 1;
    float[] weightScales = new float[count];
    float[] biasScales = new float[count];
    for (int c = 0; c < count; c++) {
      weightScales[c] = scale(0.005f);
      biasScales[c] = scales.get(x) * weightScales[c];
    }
    Shape shape = Shape.of(CHANNELS, CHANNELS, kernel, kernel);
    constant(name + "_w", IntegerType.INT8, shape, LARGEST_WEIGHT, weightScales);
    constant(name + "_b", IntegerType.INT32, Shape.of(CHANNELS), LARGEST_BIAS, biasScales);
    int pad = kernel / 2;
    model.node(
        "",
        "Conv",
        List.of(x, name + "_w", name + "_b"),
        name,
        "pads",
        new int[] {pad, pad, pad, pad});
    return name;
  }

  private void constant(
      String name, IntegerType element, Shape shape, int largest, float... scalesOfChannels) {
    int[] data =
        IntStream.range(0, shape.elements())
            .map(i -> random.nextInt(2 * largest + 1) - largest)
            .toArray();
    model.constant(name + "_i", IntegerTensor.of(element, shape, data));
    model.scales(name + "_scale", scalesOfChannels);
    int[] zeros = new int[scalesOfChannels.length];
    Arrays.fill(zeros, 0);
    model.zeroPoints(name + "_zero", element, zeros);
    model.node(
        "",
        "DequantizeLinear",
        List.of(name + "_i", name + "_scale", name + "_zero"),
        name,
        "axis",
        0);
  }

  /** A number near {@code about} that no short fraction is. */
  private float scale(float about) {
    return powersOfTwo
        ? (float) Math.scalb(1, Math.getExponent(about))
        : (float) (about * (0.8 + 0.4 * random.nextDouble()));
  }

  private String name() {
    return "v" + names++;
  }
}
