// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.etch.importer.tflite.schema.BuiltinOperator;
import dev.etch.text.GraphParser;
import dev.etch.text.GraphPrinter;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Fixed-point functions against the real ones, for every operand: at most one step apart. */
class SmoothFunctionTest {
  private static final int[] EVERY = IntStream.range(-128, 128).toArray();
  private final TestModel model = new TestModel();

  @Test
  void logistic() {
    check(BuiltinOperator.LOGISTIC, 0.07f, 5, 1f / 256, -128, x -> 1 / (1 + Math.exp(-x)));
    check(BuiltinOperator.LOGISTIC, 0.3f, -20, 1f / 256, -128, x -> 1 / (1 + Math.exp(-x)));
  }

  @Test
  void tanh() {
    check(BuiltinOperator.TANH, 0.03f, 5, 1f / 128, 0, Math::tanh);
    check(BuiltinOperator.TANH, 0.2f, -60, 1f / 128, 0, Math::tanh);
  }

  @Test
  void hardSwish() {
    DoubleUnaryOperator function = x -> x * Math.max(0, Math.min(6, x + 3)) / 6;
    check(BuiltinOperator.HARD_SWISH, 0.05f, 3, 0.03f, -100, function);
    check(BuiltinOperator.HARD_SWISH, 0.011f, 0, 0.01f, -60, function);
  }

  @Test
  void leakyRelu() {
    int x = model.tensor("x", TestModel.INT8, 0.1f, 4, 256);
    int y = model.tensor("y", TestModel.INT8, 0.07f, -30, 256);
    model.operator(BuiltinOperator.LEAKY_RELU, TestModel.floatOption(0, 0.3f), y, x);
    compare(
        TestRun.integers(model.build(new int[] {x}, y), EVERY),
        0.1f,
        4,
        0.07f,
        -30,
        v -> v < 0 ? 0.3 * v : v);
  }

  @Test
  void preluHasAnAlphaForEachChannel() {
    int x = model.tensor("x", TestModel.INT8, 0.1f, 4, 1, 1, 256, 2);
    int alpha = model.bytes("alpha", TestModel.INT8, 0.01f, 2, new int[] {27, -48}, 1, 1, 2);
    int y = model.tensor("y", TestModel.INT8, 0.1f, 4, 1, 1, 256, 2);
    model.operator(BuiltinOperator.PRELU, y, x, alpha);
    int[] twice = IntStream.range(0, 512).map(i -> EVERY[i / 2]).toArray();
    int[] result = TestRun.integers(model.build(new int[] {x}, y), twice);
    for (int channel = 0; channel < 2; channel++) {
      int c = channel;
      double slope = c == 0 ? 0.25 : -0.5;
      compare(
          IntStream.range(0, 256).map(i -> result[2 * i + c]).toArray(),
          0.1f,
          4,
          0.1f,
          4,
          v -> v < 0 ? slope * v : v);
    }
  }

  @Test
  void tablesHaveATextForm() {
    int x = model.tensor("x", TestModel.INT8, 0.1f, 0, 4);
    int y = model.tensor("y", TestModel.INT8, 1f / 128, 0, 4);
    model.operator(BuiltinOperator.TANH, y, x);
    String text = GraphPrinter.print(TestRun.read(model.build(new int[] {x}, y)));
    assertEquals(text, GraphPrinter.print(GraphParser.parse("graph.etch", text)));
  }

  @Test
  void softmax() {
    int x = model.tensor("x", TestModel.INT8, 0.08f, 9, 2, 128);
    int y = model.tensor("y", TestModel.INT8, 1f / 256, -128, 2, 128);
    model.operator(BuiltinOperator.SOFTMAX, TestModel.floatOption(0, 1), y, x);
    int[] result = TestRun.integers(model.build(new int[] {x}, y), EVERY);
    for (int line = 0; line < 2; line++) {
      double sum = 0;
      for (int i = 0; i < 128; i++) {
        sum += Math.exp(0.08f * (i - 127));
      }
      for (int i = 0; i < 128; i++) {
        double probability = Math.exp(0.08f * (i - 127)) / sum;
        assertEquals(256 * probability - 128, result[128 * line + i], 1, "element " + i);
      }
    }
  }

  private static void check(
      BuiltinOperator operator,
      float scale,
      int zeroPoint,
      float resultScale,
      int resultZeroPoint,
      DoubleUnaryOperator function) {
    TestModel model = new TestModel();
    int x = model.tensor("x", TestModel.INT8, scale, zeroPoint, 256);
    int y = model.tensor("y", TestModel.INT8, resultScale, resultZeroPoint, 256);
    model.operator(operator, y, x);
    int[] result = TestRun.integers(model.build(new int[] {x}, y), EVERY);
    compare(result, scale, zeroPoint, resultScale, resultZeroPoint, function);
  }

  private static void compare(
      int[] result,
      float scale,
      int zeroPoint,
      float resultScale,
      int resultZeroPoint,
      DoubleUnaryOperator function) {
    for (int i = 0; i < 256; i++) {
      double real = function.applyAsDouble((double) scale * (EVERY[i] - zeroPoint));
      double wanted = Math.max(-128, Math.min(127, real / resultScale + resultZeroPoint));
      assertEquals(wanted, result[i], 1, "operand " + EVERY[i]);
    }
  }
}
