// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Graph;
import dev.etch.importer.onnx.OnnxImporter;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.FloatType;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Random models of one node through the importer, against ONNX Runtime: integers are equal on every
 * bit, floats within their own rounding.
 */
class ImportedModelEqualityTest {
  private static final int CASES = 12;
  private static final String MICROSOFT = "com.microsoft";
  private static final IntegerType UINT8 = IntegerType.UINT8;

  @TempDir private Path folder;

  private Tensor imported(OnnxModel model, Tensor x) throws IOException {
    Path file = Files.write(folder.resolve("model.onnx"), model.build());
    Graph graph = OnnxImporter.read(file, new DiagnosticCollector());
    return new Interpreter(graph).run(List.of(x)).get(0);
  }

  private void assertExact(String what, OnnxModel model, Tensor x) throws IOException {
    assertEquals(values(OnnxRuntime.run(model, Map.of("x", x))), values(imported(model, x)), what);
  }

  private static List<Integer> values(Tensor tensor) {
    List<Integer> values = new ArrayList<>(tensor.shape().dimensions());
    for (int value : ((IntegerTensor) tensor).data()) {
      values.add(value);
    }
    return values;
  }

  private void assertClose(String what, OnnxModel model, FloatTensor x) throws IOException {
    FloatTensor expected = (FloatTensor) OnnxRuntime.run(model, Map.of("x", x));
    FloatTensor actual = (FloatTensor) imported(model, x);
    assertEquals(expected.shape(), actual.shape(), what);
    assertArrayEquals(expected.data(), actual.data(), 1e-4f, what);
  }

  private static OnnxModel quantized(
      IntegerTensor x, RandomTensors random, IntegerType output, double outputScale) {
    return new OnnxModel()
        .input("x", x.type())
        .scales("xs", random.scale(0.05))
        .zeroPoints("xz", type(x), random.value(type(x)))
        .output("y", output)
        .scales("ys", random.scale(outputScale))
        .zeroPoints("yz", output, random.value(output));
  }

  private static IntegerType type(Tensor tensor) {
    return (IntegerType) tensor.type().element();
  }

  @ParameterizedTest
  @CsvSource({"uint8, uint8", "uint8, int8", "int8, int8"})
  void qLinearConv(String activations, String weights) throws IOException {
    IntegerType type = IntegerType.parse(activations);
    IntegerType weightType = IntegerType.parse(weights);
    for (int seed = 0; seed < CASES; seed++) {
      RandomTensors random = new RandomTensors(seed);
      int groups = random.between(1, 3);
      int outputs = groups * random.between(1, 3);
      int inputs = random.between(1, 4);
      int kernel = random.between(1, 3);
      IntegerTensor x = random.integers(type, 1, groups * inputs, 7, 8);
      OnnxModel model =
          quantized(x, random, type, 2)
              .constant("w", random.weights(weightType, outputs, inputs, kernel, kernel))
              .constant("b", random.between(IntegerType.INT32, -5000, 5000, outputs))
              .node(
                  "",
                  "QLinearConv",
                  List.of("x", "xs", "xz", "w", "ws", "wz", "ys", "yz", "b"),
                  "y",
                  "group",
                  groups,
                  "strides",
                  new int[] {random.between(1, 2), random.between(1, 3)},
                  "dilations",
                  new int[] {random.between(1, 2), random.between(1, 2)},
                  "pads",
                  new int[] {0, random.between(0, 2), random.between(0, 2), 1});
      boolean perChannel = weightType.signed() && outputs > 1;
      model.scales("ws", random.scales(0.02, perChannel ? outputs : 1));
      model.zeroPoints(
          "wz",
          weightType,
          perChannel
              ? new int[outputs]
              : new int[] {weightType.signed() ? 0 : random.value(UINT8)});
      assertExact("seed " + seed, model, x);
    }
  }

  @ParameterizedTest
  @CsvSource({"uint8, uint8", "uint8, int8", "int8, int8"})
  void qLinearMatMulAndQGemm(String activations, String weights) throws IOException {
    IntegerType type = IntegerType.parse(activations);
    IntegerType weightType = IntegerType.parse(weights);
    for (int seed = 0; seed < CASES; seed++) {
      RandomTensors random = new RandomTensors(seed);
      int inputs = random.between(1, 40);
      int outputs = random.between(2, 20);
      IntegerTensor x = random.integers(type, 3, inputs);
      boolean perChannel = random.between(0, 1) == 1;
      int[] zeros = new int[perChannel ? outputs : 1];
      for (int i = 0; i < zeros.length && !weightType.signed(); i++) {
        zeros[i] = random.value(weightType);
      }
      int transposed = random.between(0, 1);
      int[] shape = transposed == 1 ? new int[] {outputs, inputs} : new int[] {inputs, outputs};
      float[] scales = random.scales(0.02, zeros.length);
      OnnxModel product =
          quantized(x, random, type, 3)
              .constant("w", random.weights(weightType, inputs, outputs))
              .scales("ws", scales)
              .zeroPoints("wz", weightType, zeros)
              .node(
                  "", "QLinearMatMul", List.of("x", "xs", "xz", "w", "ws", "wz", "ys", "yz"), "y");
      assertExact("QLinearMatMul, seed " + seed, product, x);
      OnnxModel gemm =
          quantized(x, random, type, 3)
              .constant("w", random.weights(weightType, shape))
              .scales("ws", scales)
              .zeroPoints("wz", weightType, zeros)
              .constant("b", random.between(IntegerType.INT32, -5000, 5000, outputs))
              .node(
                  MICROSOFT,
                  "QGemm",
                  List.of("x", "xs", "xz", "w", "ws", "wz", "b", "ys", "yz"),
                  "y",
                  "transB",
                  transposed,
                  "alpha",
                  random.scale(1));
      assertExact("QGemm, seed " + seed, gemm, x);
    }
  }

  @ParameterizedTest
  @CsvSource({"uint8", "int8"})
  void integerProducts(String activations) throws IOException {
    IntegerType type = IntegerType.parse(activations);
    for (int seed = 0; seed < CASES; seed++) {
      RandomTensors random = new RandomTensors(seed);
      IntegerTensor x = random.integers(type, 2, 9);
      OnnxModel product =
          new OnnxModel()
              .input("x", x.type())
              .output("y", IntegerType.INT32)
              .constant("w", random.weights(UINT8, 9, 5))
              .zeroPoints("xz", type, random.value(type))
              .zeroPoints("wz", UINT8, random.value(UINT8))
              .node("", "MatMulInteger", List.of("x", "w", "xz", "wz"), "y");
      if (!type.signed()) {
        assertExact("MatMulInteger, seed " + seed, product, x);
        IntegerTensor map = random.integers(type, 1, 4, 6, 5);
        OnnxModel convolution =
            new OnnxModel()
                .input("x", map.type())
                .output("y", IntegerType.INT32)
                .constant("w", random.weights(UINT8, 6, 2, 3, 2))
                .zeroPoints("xz", type, random.value(type))
                .zeroPoints("wz", UINT8, random.value(UINT8))
                .node(
                    "",
                    "ConvInteger",
                    List.of("x", "w", "xz", "wz"),
                    "y",
                    "group",
                    2,
                    "pads",
                    new int[] {1, 0, 2, 1});
        assertExact("ConvInteger, seed " + seed, convolution, map);
      } else {
        OnnxModel signed =
            new OnnxModel()
                .input("x", x.type())
                .output("y", IntegerType.INT32)
                .constant("w", random.weights(type, 9, 5))
                .zeroPoints("xz", type, random.value(type))
                .node("", "MatMulInteger", List.of("x", "w", "xz"), "y");
        assertExact("MatMulInteger, seed " + seed, signed, x);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"uint8", "int8"})
  void sumsPoolsAndJoins(String activations) throws IOException {
    IntegerType type = IntegerType.parse(activations);
    for (int seed = 0; seed < CASES; seed++) {
      RandomTensors random = new RandomTensors(seed);
      IntegerTensor x = random.integers(type, 1, 3, 6, 5);
      List<String> operands = List.of("x", "xs", "xz", "c", "cs", "cz", "ys", "yz");
      OnnxModel sum =
          quantized(x, random, type, 0.1)
              .constant("c", random.integers(type, 1, 3, 6, 5))
              .scales("cs", random.scale(0.05))
              .zeroPoints("cz", type, random.value(type))
              .node(MICROSOFT, "QLinearAdd", operands, "y");
      assertExact("QLinearAdd, seed " + seed, sum, x);
      OnnxModel join =
          quantized(x, random, type, 0.1)
              .constant("c", random.integers(type, 1, 3, 6, 5))
              .scales("cs", random.scale(0.05))
              .zeroPoints("cz", type, random.value(type))
              .node(
                  MICROSOFT,
                  "QLinearConcat",
                  List.of("ys", "yz", "x", "xs", "xz", "c", "cs", "cz"),
                  "y",
                  "axis",
                  random.between(0, 3));
      assertExact("QLinearConcat, seed " + seed, join, x);
      for (int last = 0; last < 2; last++) {
        OnnxModel pool =
            quantized(x, random, type, 0.05)
                .node(
                    MICROSOFT,
                    "QLinearGlobalAveragePool",
                    List.of("x", "xs", "xz", "ys", "yz"),
                    "y",
                    "channels_last",
                    last);
        assertExact("QLinearGlobalAveragePool, seed " + seed, pool, x);
      }
    }
  }

  @Test
  void averagePoolDiffersByOneStepAtMost() throws IOException {
    for (int seed = 0; seed < CASES; seed++) {
      RandomTensors random = new RandomTensors(seed);
      IntegerTensor x = random.integers(UINT8, 1, 3, 7, 6);
      OnnxModel model =
          quantized(x, random, UINT8, 0.05)
              .node(
                  MICROSOFT,
                  "QLinearAveragePool",
                  List.of("x", "xs", "xz", "ys", "yz"),
                  "y",
                  "kernel_shape",
                  new int[] {3, 2},
                  "strides",
                  new int[] {2, 1},
                  "pads",
                  new int[] {1, 1, 0, 1},
                  "count_include_pad",
                  1);
      List<Integer> expected = values(OnnxRuntime.run(model, Map.of("x", x)));
      List<Integer> actual = values(imported(model, x));
      for (int i = 0; i < expected.size(); i++) {
        assertTrue(Math.abs(expected.get(i) - actual.get(i)) <= 1, "seed " + seed);
      }
    }
  }

  @Test
  void floatPools() throws IOException {
    for (int seed = 0; seed < 4 * CASES; seed++) {
      RandomTensors random = new RandomTensors(seed);
      boolean maximum = random.between(0, 1) == 1;
      int[] kernel = {random.between(1, 3), random.between(1, 4)};
      List<Object> attributes =
          new ArrayList<>(
              List.of(
                  "kernel_shape",
                  kernel,
                  "strides",
                  new int[] {random.between(1, 3), random.between(1, 3)},
                  "pads",
                  new int[] {
                    random.between(0, kernel[0] - 1),
                    random.between(0, kernel[1] - 1),
                    random.between(0, kernel[0] - 1),
                    random.between(0, kernel[1] - 1)
                  },
                  "ceil_mode",
                  random.between(0, 1)));
      if (maximum) {
        attributes.addAll(
            List.of("dilations", new int[] {random.between(1, 2), random.between(1, 2)}));
      } else {
        attributes.addAll(List.of("count_include_pad", random.between(0, 1)));
      }
      FloatTensor x = random.floats(1, 1, 2, random.between(6, 9), random.between(7, 9));
      OnnxModel model =
          new OnnxModel()
              .input("x", x.type())
              .output("y", FloatType.FLOAT32)
              .node(
                  "", maximum ? "MaxPool" : "AveragePool", List.of("x"), "y", attributes.toArray());
      assertClose("seed " + seed + ", " + (maximum ? "max" : "average"), model, x);
    }
  }

  @Test
  void floatProducts() throws IOException {
    for (int seed = 0; seed < CASES; seed++) {
      RandomTensors random = new RandomTensors(seed);
      int transA = random.between(0, 1);
      int transB = random.between(0, 1);
      FloatTensor x = transA == 1 ? random.floats(1, 4, 3) : random.floats(1, 3, 4);
      List<Shape> biases =
          List.of(
              Shape.of(5), Shape.of(1, 5), Shape.of(1), Shape.of(), Shape.of(3, 1), Shape.of(3, 5));
      Shape bias = biases.get(random.between(0, biases.size() - 1));
      OnnxModel model =
          new OnnxModel()
              .input("x", x.type())
              .output("y", FloatType.FLOAT32)
              .constant("w", transB == 1 ? random.floats(1, 5, 4) : random.floats(1, 4, 5))
              .constant("b", random.floats(1, bias.toArray()))
              .node(
                  "",
                  "Gemm",
                  List.of("x", "w", "b"),
                  "y",
                  "transA",
                  transA,
                  "transB",
                  transB,
                  "alpha",
                  random.scale(1),
                  "beta",
                  random.scale(1));
      assertClose("Gemm, seed " + seed, model, x);
      FloatTensor line = random.floats(1, 2, 4, 9);
      OnnxModel convolution =
          new OnnxModel()
              .input("x", line.type())
              .output("y", FloatType.FLOAT32)
              .constant("w", random.floats(1, 6, 2, 3))
              .constant("b", random.floats(1, 6))
              .node(
                  "",
                  "Conv",
                  List.of("x", "w", "b"),
                  "y",
                  "group",
                  2,
                  "strides",
                  new int[] {random.between(1, 2)},
                  "pads",
                  new int[] {random.between(0, 2), random.between(0, 2)});
      assertClose("Conv, seed " + seed, convolution, line);
    }
  }

  @ParameterizedTest
  @CsvSource({"0", "1", "2"})
  void matrixProductsWithConstants(int kind) throws IOException {
    for (int seed = 0; seed < CASES; seed++) {
      RandomTensors random = new RandomTensors(seed);
      FloatTensor x = kind == 0 ? random.floats(1, 2, 3, 4) : random.floats(1, 3, 4);
      FloatTensor constant =
          switch (kind) {
            case 0 -> random.floats(1, 4, 5);
            case 1 -> random.floats(1, 4);
            default -> random.floats(1, 2, 3);
          };
      List<String> operands = kind == 2 ? List.of("c", "x") : List.of("x", "c");
      OnnxModel model =
          new OnnxModel()
              .input("x", x.type())
              .output("y", FloatType.FLOAT32)
              .constant("c", constant)
              .node("", "MatMul", operands, "y");
      assertClose("seed " + seed, model, x);
    }
  }
}
