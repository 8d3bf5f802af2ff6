// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.importer.tflite.schema.BuiltinOperator;
import dev.etch.optimize.StandardPasses;
import dev.etch.tensor.FloatTensor;
import org.junit.jupiter.api.Test;

/** Models of floats: numbers that are exact, so that no order of sums matters. */
class FloatOperatorTest {
  private static final int RELU6 = 3;
  private static final int VALID = 1;

  private final TestModel model = new TestModel();

  private float[] run(int x, int y, float... input) {
    return ((FloatTensor) TestRun.floats(model.build(new int[] {x}, y), input)).data();
  }

  /** [outputs, rows, columns, inputs] in the file; two rows of two pixels of two channels. */
  @Test
  void convolutionWithRelu6() {
    int x = model.floats("x", 1, 2, 2, 2);
    int w = model.constants("w", new float[] {1, 2, 3, 4, -1, 0, 0, 0.5f}, 2, 1, 2, 2);
    int b = model.constants("b", new float[] {0.5f, 1}, 2);
    int y = model.floats("y", 1, 2, 1, 2);
    model.operator(
        BuiltinOperator.CONV_2D,
        TestModel.options(
            new int[] {0, VALID, 3, RELU6},
            new int[] {1, 1},
            new int[] {2, 1},
            new int[] {4, 1},
            new int[] {5, 1}),
        y,
        x,
        w,
        b);
    float[] result = run(x, y, 0.5f, 0, 0, 0.5f, 1, 1, 1, -1);
    // 0.5 + 2 + 0.5 and -0.5 + 0.25 + 1; then 1 + 2 + 3 - 4 + 0.5 and -1 - 0.5 + 1, clamped
    assertArrayEquals(new float[] {3, 0.75f, 2.5f, 0}, result);
    assertArrayEquals(new float[] {6, 0, 6, 0}, run(x, y, 9, 9, 9, -9, 9, 9, 9, -9));
  }

  /** Two outputs of each channel; a row of padding behind. */
  @Test
  void depthwiseConvolutionWithPadding() {
    int x = model.floats("x", 1, 2, 1, 1);
    int w = model.constants("w", new float[] {1, 10, 2, 20}, 1, 2, 1, 2);
    int b = model.constants("b", new float[] {0, 1}, 2);
    int y = model.floats("y", 1, 2, 1, 2);
    model.operator(
        BuiltinOperator.DEPTHWISE_CONV_2D,
        TestModel.options(
            new int[] {0, 0},
            new int[] {1, 1},
            new int[] {2, 1},
            new int[] {3, 2},
            new int[] {5, 1},
            new int[] {6, 1}),
        y,
        x,
        w,
        b);
    assertArrayEquals(new float[] {1 + 4, 10 + 40 + 1, 2, 20 + 1}, run(x, y, 1, 2));
  }

  @Test
  void denseOfFeatureMapsWithoutBias() {
    int x = model.floats("x", 1, 1, 2, 1);
    int w = model.constants("w", new float[] {1, 2, 3, 4, 5, 6}, 3, 2);
    int y = model.floats("y", 1, 3);
    model.operator(BuiltinOperator.FULLY_CONNECTED, y, x, w);
    assertArrayEquals(new float[] {3, 7, 11}, run(x, y, 1, 1));
  }

  /** Integers of a dynamic-range model count as what they stand for. */
  @Test
  void integerWeightsAreTheNumbersThatTheyStandFor() {
    int x = model.floats("x", 1, 2);
    int w =
        model.weights(
            "w",
            TestModel.INT8,
            new float[] {0.5f, 0.25f},
            new long[] {0, 0},
            0,
            new int[] {1, 2, 3, 4},
            2,
            2);
    int y = model.floats("y", 1, 2);
    model.operator(BuiltinOperator.FULLY_CONNECTED, y, x, w);
    assertArrayEquals(new float[] {0.5f + 2, 0.75f + 2}, run(x, y, 1, 2));
  }

  @Test
  void poolsSumsAndMeans() {
    int x = model.floats("x", 1, 2, 2, 1);
    int w = model.constants("w", new float[] {2}, 1, 1, 1, 1);
    int scaled = model.floats("scaled", 1, 2, 2, 1);
    model.operator(
        BuiltinOperator.CONV_2D,
        TestModel.options(
            new int[0], new int[] {1, 1}, new int[] {2, 1}, new int[] {4, 1}, new int[] {5, 1}),
        scaled,
        x,
        w);
    int sum = model.floats("sum", 1, 2, 2, 1);
    model.operator(BuiltinOperator.ADD, sum, x, scaled);
    int largest = model.floats("largest", 1, 1, 1, 1);
    model.operator(BuiltinOperator.MAX_POOL_2D, pool(), largest, sum);
    int average = model.floats("average", 1, 1, 1, 1);
    model.operator(BuiltinOperator.AVERAGE_POOL_2D, pool(), average, sum);
    int clipped = model.floats("clipped", 1, 2, 2, 1);
    model.operator(BuiltinOperator.RELU_N1_TO_1, clipped, sum);
    int axes = model.ints("axes", new int[] {1, 2}, 2);
    int mean = model.floats("mean", 1, 1);
    model.operator(BuiltinOperator.MEAN, mean, clipped, axes);
    int outer = model.floats("outer", 1, 1, 1, 1);
    model.operator(BuiltinOperator.ADD, outer, largest, average);
    int row = model.floats("row", 1, 1);
    model.operator(BuiltinOperator.RESHAPE, row, outer);
    int y = model.floats("y", 1, 1);
    model.operator(BuiltinOperator.ADD, y, row, mean);
    // Sums are 3, -6, 9, 0: the largest 9, their mean 1.5, that of what is clipped 0.25.
    assertArrayEquals(new float[] {9 + 1.5f + 0.25f}, run(x, y, 1, -2, 3, 0));
  }

  private static java.util.function.ToIntFunction<com.google.flatbuffers.FlatBufferBuilder> pool() {
    return TestModel.options(
        new int[] {0, VALID},
        new int[] {1, 2},
        new int[] {2, 2},
        new int[] {3, 2},
        new int[] {4, 2});
  }

  @Test
  void operatorsThatAreReadOnIntegersOnlyAreRefused() {
    int x = model.floats("x", 1, 2);
    int w = model.constants("w", new float[4], 2, 2);
    int y = model.floats("y", 1, 2);
    int z = model.floats("z", 1, 2);
    model.operator(BuiltinOperator.FULLY_CONNECTED, y, x, w);
    model.operator(BuiltinOperator.TANH, z, y);
    DiagnosticException e =
        assertThrows(DiagnosticException.class, () -> TestRun.read(model.build(new int[] {x}, z)));
    assertTrue(e.getMessage().contains("TANH of floats is not supported"), e.getMessage());
  }

  /** Once, and not at each layer. */
  @Test
  void theyAreNotCompiled() {
    int x = model.floats("x", 1, 2);
    int w = model.constants("w", new float[6], 3, 2);
    int y = model.floats("y", 1, 3);
    int v = model.constants("v", new float[9], 3, 3);
    int z = model.floats("z", 1, 3);
    model.operator(BuiltinOperator.FULLY_CONNECTED, y, x, w);
    model.operator(BuiltinOperator.FULLY_CONNECTED, z, y, v);
    DiagnosticCollector diagnostics = new DiagnosticCollector();
    DiagnosticException e =
        assertThrows(
            DiagnosticException.class,
            () -> StandardPasses.prepare(TestRun.read(model.build(new int[] {x}, z)), diagnostics));
    assertEquals(1, e.diagnostics().size(), e.getMessage());
    assertTrue(e.getMessage().contains("2 layers compute in floating point"), e.getMessage());
    assertTrue(e.getMessage().contains("etch compress"), e.getMessage());
  }
}
