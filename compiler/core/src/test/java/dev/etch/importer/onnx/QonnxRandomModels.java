// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx;

import dev.etch.importer.onnx.operator.OperatorRegistry;
import java.util.List;
import java.util.Random;

/**
 * Random QONNX networks: convolution, pooling and dense layers of 1 to 8 bits with normalizations
 * (slopes of both signs) and activations between them. All scales are powers of two and all sums
 * small, so that float32 layers are exact whatever their order, and the integer form must agree.
 */
final class QonnxRandomModels {
  private static final List<String> ROUNDINGS =
      List.of("ROUND", "half_even", "HALF_UP", "HALF_DOWN", "FLOOR", "CEIL", "UP", "DOWN");

  private final Random random;
  private final String domain;
  private final TestModel model = new TestModel(9);
  private int names;

  private QonnxRandomModels(long seed) {
    random = new Random(seed);
    for (int i = 0; i < 10; i++) {
      random.nextInt();
    }
    domain = OperatorRegistry.QONNX.get((int) (seed % OperatorRegistry.QONNX.size()));
  }

  /** A model of input x, float32[1, 3, 8, 8], and output y. */
  static TestModel of(long seed) {
    return new QonnxRandomModels(seed).build();
  }

  private TestModel build() {
    model.input("x", TestModel.FLOAT, 1, 3, 8, 8);
    String value = quantized("x", false);
    value = conv(value, 3, 4, random.nextInt(2));
    value = betweenLayers(value, 4);
    value = quantized(value, true);
    if (random.nextBoolean()) {
      value =
          node(
              "MaxPool",
              List.of(value),
              TestModel.ints("kernel_shape", 2, 2),
              TestModel.ints("strides", 2, 2));
    } else {
      value = conv(value, 4, 4, 0);
      value = betweenLayers(value, 4);
      value = quantized(value, true);
    }
    value = node("GlobalAveragePool", List.of(value));
    value = random.nextBoolean() ? truncated(value) : quantized(value, false);
    value = node("Flatten", List.of(value));
    value = dense(value, 4, 5);
    model.node("Mul", List.of(value, floats(List.of(1L), 1, 0.25f)), "y").output("y");
    return model;
  }

  private String conv(String x, int inputs, int outputs, int pad) {
    String weights = weights(List.of((long) outputs, (long) inputs, 3L, 3L));
    List<String> operands =
        random.nextBoolean()
            ? List.of(x, weights)
            : List.of(x, weights, floats(List.of((long) outputs), outputs, 0.5f));
    return node("Conv", operands, TestModel.ints("pads", pad, pad, pad, pad));
  }

  private String dense(String x, int inputs, int outputs) {
    String weights = weights(List.of((long) outputs, (long) inputs));
    return random.nextBoolean()
        ? node("MatMul", List.of(x, node("Transpose", List.of(weights))))
        : node(
            "Gemm",
            List.of(x, weights, floats(List.of((long) outputs), outputs, 0.5f)),
            TestModel.integer("transB", 1));
  }

  private String weights(List<Long> dims) {
    int elements = (int) dims.stream().mapToLong(Long::longValue).reduce(1, (a, b) -> a * b);
    return quantized(floats(dims, elements, 0.3f), false);
  }

  private String betweenLayers(String value, int channels) {
    String result = value;
    if (random.nextInt(4) > 0) {
      String[] operands = new String[4];
      for (int i = 0; i < 4; i++) {
        // the last one, the variance, is positive
        operands[i] = floats(List.of((long) channels), channels, i < 3 ? 0.8f : -1);
      }
      result =
          node(
              "BatchNormalization",
              List.of(result, operands[0], operands[1], operands[2], operands[3]));
    }
    if (random.nextInt(4) == 0) {
      result = node("Div", List.of(result, scalar(random.nextFloat() + 0.7f)));
    }
    return switch (random.nextInt(4)) {
      case 0 -> node("Relu", List.of(result));
      case 1 ->
          node("Clip", List.of(result), TestModel.number("min", -1), TestModel.number("max", 1));
      default -> result;
    };
  }

  private String quantized(String x, boolean mayBeSign) {
    int kind = random.nextInt(6);
    if (kind == 0) {
      return domainNode("BipolarQuant", List.of(x, powerOfTwo()));
    }
    if (kind == 1 && mayBeSign) {
      return node("Sign", List.of(x));
    }
    boolean signed = random.nextBoolean() || kind == 2;
    int bits = kind == 2 ? 1 : 1 + random.nextInt(8);
    return domainNode(
        random.nextBoolean() ? "Quant" : "IntQuant",
        List.of(x, powerOfTwo(), scalar(0), scalar(bits)),
        TestModel.integer("signed", signed ? 1 : 0),
        TestModel.integer("narrow", random.nextInt(2)),
        TestModel.text("rounding_mode", ROUNDINGS.get(random.nextInt(ROUNDINGS.size()))));
  }

  private String truncated(String x) {
    return random.nextBoolean()
        ? domainNode("Trunc", List.of(x, powerOfTwo(), scalar(0), scalar(12), scalar(9)))
        : domainNode(
            "Trunc",
            List.of(x, scalar(0.125f), scalar(0), scalar(8), scalar(0.5f), scalar(0), scalar(6)),
            TestModel.text("rounding_mode", "ROUND"));
  }

  private String powerOfTwo() {
    return scalar(Math.scalb(1f, -random.nextInt(4)));
  }

  private String scalar(float value) {
    String name = "c" + names++;
    model.floats(name, List.of(), value);
    return name;
  }

  private String floats(List<Long> dims, int elements, float size) {
    float[] data = new float[elements];
    for (int i = 0; i < elements; i++) {
      data[i] =
          size < 0 ? 0.3f + random.nextFloat() * 3 : (float) (random.nextGaussian() * size * 2);
    }
    String name = "c" + names++;
    model.floats(name, dims, data);
    return name;
  }

  private String node(
      String operator,
      List<String> operands,
      dev.etch.importer.onnx.format.AttributeProto... attributes) {
    String name = "v" + names++;
    model.node(operator, operands, name, attributes);
    return name;
  }

  private String domainNode(
      String operator,
      List<String> operands,
      dev.etch.importer.onnx.format.AttributeProto... attributes) {
    String name = "v" + names++;
    model.node(domain, operator, operands, name, attributes);
    return name;
  }
}
