// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import static dev.etch.reference.Layers.CASES;
import static dev.etch.reference.Layers.MICROSOFT;
import static dev.etch.reference.Layers.evaluate;
import static dev.etch.reference.Layers.scaleThenRound;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Graph;
import dev.etch.importer.onnx.OnnxImporter;
import dev.etch.op.IntegerSumPool2d;
import dev.etch.op.Layout;
import dev.etch.op.MaxPool2d;
import dev.etch.op.Requantize;
import dev.etch.op.Window;
import dev.etch.op.requantization.Average;
import dev.etch.op.requantization.Requantization;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The rows of docs/rationale/arithmetic.md about pooling against ONNX Runtime: every element is
 * equal.
 */
class PoolEqualityTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"uint8, false", "int8, false", "uint8, true", "int8, true"})
  void globalAveragePool(String name, boolean qdq) {
    IntegerType type = IntegerType.parse(name);
    for (int seed = 0; seed < CASES; seed++) {
      RandomTensors random = new RandomTensors(seed);
      int height = random.between(1, 12);
      int width = random.between(1, 12);
      IntegerTensor x = random.integers(type, 1, 67, height, width);
      float xScale = random.scale(0.05);
      int xZero = random.value(type);
      float yScale = random.scale(0.02);
      int yZero = random.value(type);
      OnnxModel model = pool(type, x, xScale, xZero, yScale, yZero);
      if (qdq) {
        qdqPool(model, "GlobalAveragePool");
      } else {
        model.node(
            MICROSOFT, "QLinearGlobalAveragePool", List.of("x", "xs", "xz", "ys", "yz"), "y");
      }
      Tensor sum = evaluate(new IntegerSumPool2d(Window.of(height, width), Layout.NCHW, xZero), x);
      float scale = xScale / (yScale * (float) (height * width));
      Tensor ours = evaluate(scaleThenRound(new float[] {scale}, yZero, 1, type), sum);
      assertEquals(ours, OnnxRuntime.run(model, Map.of("x", x)), "seed " + seed);
    }
  }

  @ParameterizedTest
  @CsvSource({"uint8, false", "int8, false", "uint8, true", "int8, true"})
  void averagePoolDiffersAtMostNextToTies(String name, boolean qdq) {
    IntegerType type = IntegerType.parse(name);
    int differing = 0;
    for (int seed = 0; seed < CASES; seed++) {
      RandomTensors random = new RandomTensors(seed);
      int size = random.between(1, 5);
      IntegerTensor x = random.integers(type, 1, 40, 16, 17);
      float xScale = random.scale(0.05);
      int xZero = random.value(type);
      float yScale = random.scale(0.03);
      int yZero = random.value(type);
      OnnxModel model = pool(type, x, xScale, xZero, yScale, yZero);
      Object[] attributes = {"kernel_shape", new int[] {size, size}};
      if (qdq) {
        qdqPool(model, "AveragePool", attributes);
      } else {
        List<String> inputs = List.of("x", "xs", "xz", "ys", "yz");
        model.node(MICROSOFT, "QLinearAveragePool", inputs, "y", attributes);
      }
      Tensor sum = evaluate(new IntegerSumPool2d(Window.of(size, size), Layout.NCHW, xZero), x);
      Requantization average =
          new Average(
              xScale, size * size, yScale, yZero, (int) type.minimum(), (int) type.maximum(), 0);
      Tensor ours = evaluate(new Requantize(List.of(average), 1, type), sum);
      differing += difference(ours, OnnxRuntime.run(model, Map.of("x", x)));
    }
    assertTrue(differing <= 2, differing + " of 71,280 elements differ");
  }

  /** Padding that does not count: at the border the mean is of fewer elements. */
  @ParameterizedTest
  @CsvSource({"uint8, 0", "int8, 0", "uint8, 1", "int8, 1"})
  void averagePoolOverTheEdgeDiffersAtMostNextToTies(String name, int ceil) throws IOException {
    IntegerType type = IntegerType.parse(name);
    int differing = 0;
    int elements = 0;
    for (int seed = 0; seed < CASES; seed++) {
      RandomTensors random = new RandomTensors(seed);
      int size = random.between(2, 4);
      IntegerTensor x = random.integers(type, 1, 400, random.between(4, 7), random.between(4, 7));
      OnnxModel model =
          pool(
              type,
              x,
              random.scale(0.05),
              random.value(type),
              random.scale(0.03),
              random.value(type));
      Object[] attributes = {
        "kernel_shape", new int[] {size, size},
        "pads", new int[] {1, 1, 1, random.between(0, 1)},
        "strides", new int[] {random.between(1, 2), 2},
        "ceil_mode", ceil
      };
      List<String> inputs = List.of("x", "xs", "xz", "ys", "yz");
      model.node(MICROSOFT, "QLinearAveragePool", inputs, "y", attributes);
      Path file = Files.write(folder.resolve("model.onnx"), model.build());
      Graph graph = OnnxImporter.read(file, new DiagnosticCollector());
      Tensor ours = new Interpreter(graph).run(List.of(x)).get(0);
      differing += difference(ours, OnnxRuntime.run(model, Map.of("x", x)));
      elements += ours.shape().elements();
    }
    assertTrue(differing <= elements / 10_000, differing + " of " + elements + " elements differ");
  }

  /** Number of elements that differ; none by more than one step. */
  private static int difference(Tensor left, Tensor right) {
    int[] a = ((IntegerTensor) left).data();
    int[] b = ((IntegerTensor) right).data();
    int differing = 0;
    for (int i = 0; i < a.length; i++) {
      assertTrue(Math.abs(a[i] - b[i]) <= 1, "element " + i + ": " + a[i] + " and " + b[i]);
      differing += Math.abs(a[i] - b[i]);
    }
    return differing;
  }

  private static OnnxModel pool(
      IntegerType type, IntegerTensor x, float xScale, int xZero, float yScale, int yZero) {
    return new OnnxModel()
        .input("x", x.type())
        .output("y", type)
        .scales("xs", xScale)
        .zeroPoints("xz", type, xZero)
        .scales("ys", yScale)
        .zeroPoints("yz", type, yZero);
  }

  private static void qdqPool(OnnxModel model, String operator, Object... attributes) {
    model
        .node("", "DequantizeLinear", List.of("x", "xs", "xz"), "fx")
        .node("", operator, List.of("fx"), "fy", attributes)
        .node("", "QuantizeLinear", List.of("fy", "ys", "yz"), "y");
  }

  @ParameterizedTest
  @CsvSource({"uint8", "int8"})
  void maxPool(String name) {
    IntegerType type = IntegerType.parse(name);
    for (int seed = 0; seed < CASES; seed++) {
      RandomTensors random = new RandomTensors(seed);
      IntegerTensor x = random.integers(type, 1, 3, 9, 8);
      Window window = new Window(3, 2, 2, 1 + seed % 2, 1, 1, 1, 0, 1, 1);
      OnnxModel model =
          new OnnxModel()
              .input("x", x.type())
              .output("y", type)
              .node(
                  "",
                  "MaxPool",
                  List.of("x"),
                  "y",
                  "kernel_shape",
                  new int[] {3, 2},
                  "strides",
                  new int[] {2, window.strideWidth()},
                  "pads",
                  new int[] {1, 0, 1, 1});
      assertEquals(
          evaluate(new MaxPool2d(window, Layout.NCHW), x),
          OnnxRuntime.run(model, Map.of("x", x)),
          "seed " + seed);
    }
  }
}
