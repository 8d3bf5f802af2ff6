// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Graph;
import dev.etch.importer.onnx.OnnxImporter;
import dev.etch.optimize.StandardPasses;
import dev.etch.pass.PassRunner;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Element-wise functions and products between DequantizeLinear and QuantizeLinear, and their
 * QLinear forms, through the importer and all passes, against ONNX Runtime: every entry of every
 * table is equal.
 */
class QuantizedFunctionEqualityTest {
  private static final int SEEDS = 20;
  private static final String MICROSOFT = "com.microsoft";
  private static final List<IntegerType> TYPES = List.of(IntegerType.UINT8, IntegerType.INT8);

  @TempDir private Path folder;

  /** Adds the nodes from "fx" to "fy". */
  @FunctionalInterface
  private interface Nodes {
    void add(OnnxModel model, RandomTensors random);
  }

  private enum Function {
    SIGMOID((m, r) -> one(m, "Sigmoid")),
    TANH((m, r) -> one(m, "Tanh")),
    SOFTPLUS((m, r) -> one(m, "Softplus")),
    HARD_SWISH((m, r) -> one(m, "HardSwish")),
    MISH((m, r) -> one(m, "Mish")),
    GELU((m, r) -> one(m, "Gelu")),
    GELU_BY_TANGENT((m, r) -> one(m, "Gelu", "approximate", "tanh")),
    LEAKY_RELU((m, r) -> one(m, "LeakyRelu", "alpha", r.scale(0.1))),
    ELU((m, r) -> one(m, "Elu", "alpha", r.scale(1))),
    HARD_SIGMOID((m, r) -> one(m, "HardSigmoid", "alpha", r.scale(0.2), "beta", r.scale(0.5))),
    PRELU(
        (m, r) ->
            m.constant("s", r.floats(1, 4, 1, 1)).node("", "PRelu", List.of("fx", "s"), "fy")),
    CLIP(
        (m, r) ->
            m.scales("low", -r.scale(1))
                .scales("high", r.scale(2))
                .node("", "Clip", List.of("fx", "low", "high"), "fy")),
    SILU(
        (m, r) ->
            m.node("", "Sigmoid", List.of("fx"), "s").node("", "Mul", List.of("fx", "s"), "fy")),
    SIGMOID_OF_RELU(
        (m, r) -> m.node("", "Relu", List.of("fx"), "s").node("", "Sigmoid", List.of("s"), "fy"));

    private final Nodes nodes;

    Function(Nodes nodes) {
      this.nodes = nodes;
    }

    private static void one(OnnxModel model, String operator, Object... attributes) {
      model.node("", operator, List.of("fx"), "fy", attributes);
    }
  }

  @ParameterizedTest
  @EnumSource(Function.class)
  void everyEntryOfEveryTable(Function function) throws IOException {
    for (IntegerType type : TYPES) {
      for (int seed = 0; seed < SEEDS; seed++) {
        RandomTensors random = new RandomTensors(seed);
        IntegerTensor x = allValues(type);
        OnnxModel model = quantized(x, random, type).operatorSet(20);
        model.node("", "DequantizeLinear", List.of("x", "xs", "xz"), "fx");
        function.nodes.add(model, random);
        model.node("", "QuantizeLinear", List.of("fy", "ys", "yz"), "y");
        assertExact(function + ", " + type + ", seed " + seed, model, x);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"QLinearSigmoid", "QLinearLeakyRelu"})
  void tablesOfOnnxRuntimesOwnOperators(String operator) throws IOException {
    for (IntegerType type : TYPES) {
      for (int seed = 0; seed < SEEDS; seed++) {
        RandomTensors random = new RandomTensors(seed);
        IntegerTensor x = allValues(type);
        OnnxModel model = quantized(x, random, type);
        Object[] attributes =
            operator.equals("QLinearSigmoid")
                ? new Object[0]
                : new Object[] {"alpha", random.scale(0.1)};
        model.node(MICROSOFT, operator, List.of("x", "xs", "xz", "ys", "yz"), "y", attributes);
        assertExact(operator + ", " + type + ", seed " + seed, model, x);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"Mul", "Add", "QLinearMul", "QLinearAdd"})
  void productsAndBroadcastSumsOfAllPairs(String operator) throws IOException {
    for (IntegerType type : TYPES) {
      for (int seed = 0; seed < SEEDS; seed++) {
        RandomTensors random = new RandomTensors(seed);
        IntegerTensor x = allValues(type).reshape(Shape.of(1, 256, 1, 1));
        IntegerTensor column = allValues(type).reshape(Shape.of(1, 1, 256, 1));
        OnnxModel model =
            quantized(x, random, type)
                .input("c", column.type())
                .scales("cs", random.scale(0.05))
                .zeroPoints("cz", type, random.value(type));
        if (operator.startsWith("QLinear")) {
          List<String> operands = List.of("x", "xs", "xz", "c", "cs", "cz", "ys", "yz");
          model.node(MICROSOFT, operator, operands, "y");
        } else {
          model
              .node("", "DequantizeLinear", List.of("x", "xs", "xz"), "fx")
              .node("", "DequantizeLinear", List.of("c", "cs", "cz"), "fc")
              .node("", operator, List.of("fx", "fc"), "fy")
              .node("", "QuantizeLinear", List.of("fy", "ys", "yz"), "y");
        }
        String what = operator + ", " + type + ", seed " + seed;
        assertEquals(
            OnnxRuntime.run(model, Map.of("x", x, "c", column)),
            new Interpreter(integers(what, model)).run(List.of(x, column)).get(0),
            what);
      }
    }
  }

  @Test
  void squares() throws IOException {
    for (IntegerType type : TYPES) {
      for (int seed = 0; seed < SEEDS; seed++) {
        IntegerTensor x = allValues(type);
        OnnxModel model =
            quantized(x, new RandomTensors(seed), type)
                .node("", "DequantizeLinear", List.of("x", "xs", "xz"), "fx")
                .node("", "Mul", List.of("fx", "fx"), "fy")
                .node("", "QuantizeLinear", List.of("fy", "ys", "yz"), "y");
        assertExact("square, " + type + ", seed " + seed, model, x);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"13, 2", "13, 1", "13, -1", "12, 2", "12, 1"})
  void softmax(int operatorSet, int axis) throws IOException {
    for (IntegerType type : TYPES) {
      for (int seed = 0; seed < SEEDS; seed++) {
        RandomTensors random = new RandomTensors(seed);
        IntegerTensor x = random.integers(type, 3, random.between(2, 9), random.between(2, 20));
        float step = seed % 3 == 0 ? 1 / 255f : seed % 3 == 1 ? 1 / 256f : random.scale(0.004);
        OnnxModel model =
            new OnnxModel()
                .operatorSet(operatorSet)
                .input("x", x.type())
                .scales("xs", random.scale(0.05))
                .zeroPoints("xz", type, random.value(type))
                .output("y", type)
                .scales("ys", step)
                .zeroPoints("yz", type, (int) type.minimum() + random.between(0, 1));
        if (seed % 2 == 0) {
          model
              .node("", "DequantizeLinear", List.of("x", "xs", "xz"), "fx")
              .node("", "Softmax", List.of("fx"), "fy", "axis", axis)
              .node("", "QuantizeLinear", List.of("fy", "ys", "yz"), "y");
        } else {
          List<String> operands = List.of("x", "xs", "xz", "ys", "yz");
          model.node(
              MICROSOFT, "QLinearSoftmax", operands, "y", "axis", axis, "opset", operatorSet);
        }
        assertExact("softmax, " + type + ", seed " + seed, model, x);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "half_pixel",
    "pytorch_half_pixel",
    "asymmetric",
    "align_corners",
    "tf_half_pixel_for_nn"
  })
  void nearestResize(String transformation) throws IOException {
    for (String rounding : List.of("round_prefer_floor", "round_prefer_ceil", "floor", "ceil")) {
      for (int seed = 0; seed < SEEDS; seed++) {
        RandomTensors random = new RandomTensors(seed);
        IntegerTensor x = random.integers(IntegerType.INT8, 1, 2, 6, 7);
        boolean bySize = seed % 2 == 0;
        float[] scales = {1, 1, random.between(1, 12) / 4f, random.scale(2)};
        int[] sizes = {1, 2, random.between(1, 20), random.between(1, 20)};
        OnnxModel model =
            quantized(x, random, IntegerType.INT8)
                .operatorSet(11)
                .node("", "DequantizeLinear", List.of("x", "xs", "xz"), "fx")
                .constant("roi", FloatTensor.of(Shape.of(8), 0, 0, 0, 0, 1, 1, 1, 1))
                .constant(
                    "scales",
                    bySize ? FloatTensor.of(Shape.of(0)) : FloatTensor.of(Shape.of(4), scales))
                .constant("sizes", IntegerTensor.of(IntegerType.INT64, Shape.of(4), sizes))
                .node(
                    "",
                    "Resize",
                    List.of("fx", "roi", "scales", "sizes").subList(0, bySize ? 4 : 3),
                    "fy",
                    "coordinate_transformation_mode",
                    transformation,
                    "nearest_mode",
                    rounding)
                .node("", "QuantizeLinear", List.of("fy", "xs", "xz"), "y");
        assertExact(transformation + ", " + rounding + ", seed " + seed, model, x);
      }
    }
  }

  @Test
  void slicesAndSplits() throws IOException {
    for (int seed = 0; seed < SEEDS; seed++) {
      RandomTensors random = new RandomTensors(seed);
      IntegerTensor x = random.integers(IntegerType.UINT8, 1, 5, 6, 7);
      int step = random.between(1, 3) * (seed % 2 == 0 ? 1 : -1);
      OnnxModel model =
          quantized(x, random, IntegerType.UINT8)
              .node("", "DequantizeLinear", List.of("x", "xs", "xz"), "fx")
              .constant("parts", longs(2, 3))
              .node("Split", List.of("fx", "parts"), List.of("a", "b"), "axis", 1)
              .constant("starts", longs(step > 0 ? random.between(-7, 2) : 100))
              .constant("ends", longs(step > 0 ? 100 : random.between(-7, 2)))
              .constant("axes", longs(-1))
              .constant("steps", longs(step))
              .node("", "Slice", List.of("b", "starts", "ends", "axes", "steps"), "s")
              .node("", "QuantizeLinear", List.of("s", "ys", "yz"), "y");
      assertExact("seed " + seed, model, x);
    }
  }

  @ParameterizedTest
  @CsvSource({"1", "0"})
  void means(int keep) throws IOException {
    for (IntegerType type : TYPES) {
      for (int seed = 0; seed < SEEDS; seed++) {
        RandomTensors random = new RandomTensors(seed);
        IntegerTensor x = random.integers(type, 1, 16, random.between(1, 9), random.between(2, 9));
        OnnxModel model =
            quantized(x, random, type)
                .node("", "DequantizeLinear", List.of("x", "xs", "xz"), "fx")
                .node(
                    "",
                    "ReduceMean",
                    List.of("fx"),
                    "fy",
                    "axes",
                    new int[] {2, 3},
                    "keepdims",
                    keep)
                .node("", "QuantizeLinear", List.of("fy", "ys", "yz"), "y");
        assertExact("mean, " + type + ", seed " + seed, model, x);
      }
    }
  }

  private static IntegerTensor longs(int... data) {
    return IntegerTensor.of(IntegerType.INT64, Shape.of(data.length), data);
  }

  private static IntegerTensor allValues(IntegerType type) {
    int low = (int) type.minimum();
    return IntegerTensor.of(type, Shape.of(1, 4, 8, 8), IntStream.range(low, low + 256).toArray());
  }

  private static OnnxModel quantized(IntegerTensor x, RandomTensors random, IntegerType type) {
    return new OnnxModel()
        .input("x", x.type())
        .scales("xs", random.scale(0.04))
        .zeroPoints("xz", type, random.value(type))
        .output("y", type)
        .scales("ys", random.scale(0.02))
        .zeroPoints("yz", type, random.value(type));
  }

  private void assertExact(String what, OnnxModel model, Tensor x) throws IOException {
    assertEquals(
        OnnxRuntime.run(model, Map.of("x", x)),
        new Interpreter(integers(what, model)).run(List.of(x)).get(0),
        what);
  }

  /** The model after all passes, without floats. */
  private Graph integers(String what, OnnxModel model) throws IOException {
    Path file = Files.write(folder.resolve("model.onnx"), model.build());
    DiagnosticCollector diagnostics = new DiagnosticCollector();
    Graph graph =
        new PassRunner(StandardPasses.list(), (pass, result) -> {})
            .run(OnnxImporter.read(file, diagnostics), diagnostics);
    assertTrue(
        graph.nodes().stream().noneMatch(node -> node.output().type().isFloat()),
        () -> what + " stays float");
    return graph;
  }
}
