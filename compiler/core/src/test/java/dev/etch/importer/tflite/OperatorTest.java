// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.DiagnosticException;
import dev.etch.importer.tflite.schema.BuiltinOperator;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Operators that move or combine integers, with values worked out by hand. */
class OperatorTest {
  private static final int[] NONE = {};
  private final TestModel model = new TestModel();

  private int int8(String name, float scale, int zeroPoint, int... shape) {
    return model.tensor(name, TestModel.INT8, scale, zeroPoint, shape);
  }

  @Test
  void averagePoolRoundsTiesAwayFromZero() {
    int x = int8("x", 1, 7, 1, 2, 4, 1);
    int y = int8("y", 1, 7, 1, 1, 2, 1);
    model.operator(BuiltinOperator.AVERAGE_POOL_2D, pool(1, 2), y, x);
    // (1 + 2 + 3 + 4) / 4 = 2.5, and its negative.
    assertArrayEquals(
        new int[] {3, -3},
        TestRun.integers(model.build(new int[] {x}, y), new int[] {1, 2, -1, -2, 3, 4, -3, -4}));
  }

  @Test
  void averagePoolOverTheEdgeCountsOnlyWhatIsThere() {
    int x = int8("x", 1, 0, 1, 3, 3, 1);
    int y = int8("y", 1, 0, 1, 2, 2, 1);
    model.operator(BuiltinOperator.AVERAGE_POOL_2D, pool(0, 2), y, x);
    // (1 + 2 + 4 + 5) / 4 = 3, (3 + 6) / 2 = 4.5, (-7 - 8) / 2 = -7.5, 100.
    assertArrayEquals(
        new int[] {3, 5, -8, 100},
        TestRun.integers(model.build(new int[] {x}, y), new int[] {1, 2, 3, 4, 5, 6, -7, -8, 100}));
  }

  @Test
  void aComputedShapeIsTheStatedOne() {
    int x = int8("x", 1, 0, 1, 2, 3);
    int shape = model.ints("shape", new int[0], 2);
    int y = int8("y", 1, 0, 1, 6);
    model.operator(BuiltinOperator.SHAPE, shape, x);
    model.operator(BuiltinOperator.RESHAPE, y, x, shape);
    assertArrayEquals(
        new int[] {1, 2, 3, 4, 5, 6},
        TestRun.integers(model.build(new int[] {x}, y), new int[] {1, 2, 3, 4, 5, 6}));
  }

  /** Kernel and stride of equal size; padding 0 is SAME, 1 VALID. */
  private static java.util.function.ToIntFunction<com.google.flatbuffers.FlatBufferBuilder> pool(
      int padding, int size) {
    return TestModel.options(
        new int[] {0, padding},
        new int[] {1, size},
        new int[] {2, size},
        new int[] {3, size},
        new int[] {4, size});
  }

  @Test
  void addOfDifferentScalesAndABroadcastConstant() {
    int x = int8("x", 0.5f, 1, 1, 2, 2);
    int c = model.bytes("c", TestModel.INT8, 0.25f, 0, new int[] {4, -8}, 2);
    int y = int8("y", 1, -3, 1, 2, 2);
    model.operator(BuiltinOperator.ADD, TestModel.options(new int[] {0, 1}), y, x, c);
    // x is 0.5 * (q - 1) = 0, 10, -4, 63; c is 1, -2; Relu keeps results at -3 or above.
    assertArrayEquals(
        new int[] {-2, 5, -3, 58},
        TestRun.integers(model.build(new int[] {x}, y), new int[] {1, 21, -7, 127}));
  }

  @Test
  void multiplyBroadcastsAndClamps() {
    int x = int8("x", 0.5f, 0, 1, 2, 2);
    int s = int8("s", 0.25f, 2, 1, 1, 2);
    int y = int8("y", 0.5f, 1, 1, 2, 2);
    model.operator(BuiltinOperator.MUL, y, x, s);
    // s is 1 and -2; x is 2, 3, 40, -50.
    assertArrayEquals(
        new int[] {5, -11, 81, 127},
        TestRun.integers(
            model.build(new int[] {x, s}, y), new int[] {4, 6, 80, -100}, new int[] {6, -6}));
  }

  @Test
  void meanOverRowsAndColumns() {
    int x = int8("x", 1, 2, 1, 2, 2, 2);
    int axes = model.ints("axes", new int[] {1, -2}, 2);
    int y = int8("y", 0.5f, -1, 1, 2);
    model.operator(BuiltinOperator.MEAN, y, x, axes);
    // Without zero point: -1, 0, 1, 6 and 3, 3, 3, 3; means 1.5 and 3.
    assertArrayEquals(
        new int[] {2, 5},
        TestRun.integers(model.build(new int[] {x}, y), new int[] {1, 5, 2, 5, 3, 5, 8, 5}));
  }

  @Test
  void meanOverTime() {
    int x = int8("x", 1, 0, 1, 3, 2);
    int axes = model.ints("axes", new int[] {1}, 1);
    int y = int8("y", 1, 0, 1, 1, 2);
    model.operator(BuiltinOperator.MEAN, TestModel.options(new int[] {0, 1}), y, x, axes);
    assertArrayEquals(
        new int[] {2, -20},
        TestRun.integers(model.build(new int[] {x}, y), new int[] {1, -10, 2, -20, 3, -30}));
  }

  @Test
  void padWithTheZeroPointAndWithAConstant() {
    int x = int8("x", 1, 5, 1, 2);
    int pads = model.ints("pads", new int[] {0, 0, 1, 2}, 2, 2);
    int y = int8("y", 1, 5, 1, 5);
    model.operator(BuiltinOperator.PAD, y, x, pads);
    int value = model.bytes("value", TestModel.INT8, 1, 5, new int[] {-9}, 1);
    int pads2 = model.ints("pads2", new int[] {0, 1, 0, 0}, 2, 2);
    int z = int8("z", 1, 5, 2, 5);
    model.operator(BuiltinOperator.PADV2, z, y, pads2, value);
    assertArrayEquals(
        new int[] {5, 1, 2, 5, 5, -9, -9, -9, -9, -9},
        TestRun.integers(model.build(new int[] {x}, z), new int[] {1, 2}));
  }

  @Test
  void transposeConcatenateSplitSlice() {
    int x = int8("x", 1, 0, 2, 3);
    int permutation = model.ints("permutation", new int[] {1, 0}, 2);
    int t = int8("t", 1, 0, 3, 2);
    model.operator(BuiltinOperator.TRANSPOSE, t, x, permutation);
    int axis = model.ints("axis", new int[] {-1});
    int left = int8("left", 1, 0, 3, 1);
    int right = int8("right", 1, 0, 3, 1);
    model.operator(BuiltinOperator.SPLIT, new int[] {left, right}, axis, t);
    int joined = int8("joined", 1, 0, 6, 1);
    model.operator(BuiltinOperator.CONCATENATION, joined, right, left);
    int begin = model.ints("begin", new int[] {-1, 0}, 2);
    int end = model.ints("end", new int[] {0, 0}, 2);
    int strides = model.ints("strides", new int[] {-2, 1}, 2);
    int sliced = int8("sliced", 1, 0, 3);
    model.operator(
        BuiltinOperator.STRIDED_SLICE,
        TestModel.options(NONE, new int[] {1, 1}, new int[] {4, 2}),
        sliced,
        joined,
        begin,
        end,
        strides);
    List<Tensor> results =
        TestRun.all(model.build(new int[] {x}, joined, sliced), new int[] {1, 2, 3, 4, 5, 6});
    assertArrayEquals(new int[] {4, 5, 6, 1, 2, 3}, ((IntegerTensor) results.get(0)).data());
    assertArrayEquals(new int[] {3, 1, 5}, ((IntegerTensor) results.get(1)).data());
  }

  @Test
  void nearestNeighbours() {
    int x = int8("x", 1, 0, 1, 1, 3, 1);
    int size = model.ints("size", new int[] {2, 5}, 2);
    int y = int8("y", 1, 0, 1, 2, 5, 1);
    model.operator(BuiltinOperator.RESIZE_NEAREST_NEIGHBOR, y, x, size);
    assertArrayEquals(
        new int[] {1, 1, 2, 2, 3, 1, 1, 2, 2, 3},
        TestRun.integers(model.build(new int[] {x}, y), new int[] {1, 2, 3}));
  }

  @Test
  void quantizeFloatsRoundsTiesAwayFromZero() {
    int x = model.floats("x", 6);
    int y = int8("y", 2, 1, 6);
    model.operator(BuiltinOperator.QUANTIZE, y, x);
    IntegerTensor result =
        (IntegerTensor)
            TestRun.floats(
                model.build(new int[] {x}, y), 1, -1, 3, -5, 1e30f, Float.NEGATIVE_INFINITY);
    assertArrayEquals(new int[] {2, 0, 3, -2, 127, -128}, result.data());
  }

  @Test
  void quantizeToTheOtherSignedness() {
    int x = int8("x", 0.5f, -128, 3);
    int y = model.tensor("y", TestModel.UINT8, 0.5f, 0, 3);
    model.operator(BuiltinOperator.QUANTIZE, y, x);
    assertArrayEquals(
        new int[] {0, 128, 255},
        TestRun.integers(model.build(new int[] {x}, y), new int[] {-128, 0, 127}));
  }

  @Test
  void fullyConnectedKeepsTheResultsShape() {
    int x = int8("x", 1, 1, 1, 2, 2);
    int w = model.bytes("w", TestModel.INT8, 0.5f, 0, new int[] {1, 2, 3, 4, 5, 6}, 3, 2);
    int y = int8("y", 0.5f, 0, 1, 2, 3);
    model.operator(BuiltinOperator.FULLY_CONNECTED, y, x, w, -1);
    // Rows 2, 3 and 0, -1 without zero point.
    assertArrayEquals(
        new int[] {8, 18, 28, -2, -4, -6},
        TestRun.integers(model.build(new int[] {x}, y), new int[] {3, 4, 1, 0}));
  }

  @Test
  void sixIsTheLargestOutputOfRelu6() {
    int x = int8("x", 0.1f, 0, 3);
    int y = int8("y", 0.1f, -10, 3);
    model.operator(BuiltinOperator.RELU6, y, x);
    assertArrayEquals(
        new int[] {-10, 20, 50},
        TestRun.integers(model.build(new int[] {x}, y), new int[] {-5, 30, 100}));
  }

  @Test
  void everyUnsupportedOperatorIsNamed() {
    int x = int8("x", 1, 0, 4);
    int a = int8("a", 1, 0, 4);
    int b = int8("b", 1, 0, 4);
    int c = int8("c", 1, 0, 4);
    model.operator(BuiltinOperator.COS, a, x);
    model.operator(BuiltinOperator.RELU, b, a);
    model.operator(BuiltinOperator.SIN, c, b);
    DiagnosticException e =
        assertThrows(DiagnosticException.class, () -> TestRun.read(model.build(new int[] {x}, c)));
    assertEquals(2, e.diagnostics().size(), e.getMessage());
    assertTrue(e.getMessage().contains("'a' (COS)"), e.getMessage());
    assertTrue(e.getMessage().contains("'c' (SIN)"), e.getMessage());
  }

  @Test
  void resultsOfAnotherShapeAreRefused() {
    int x = int8("x", 1, 0, 1, 4, 4, 1);
    int y = int8("y", 1, 0, 1, 3, 3, 1);
    model.operator(BuiltinOperator.MAX_POOL_2D, pool(1, 2), y, x);
    assertRefused(model.build(new int[] {x}, y), "its result is int8[1, 2, 2, 1]");
  }

  @Test
  void maximumPoolWithAnActivation() {
    int x = int8("x", 1, -2, 1, 2, 4, 1);
    int y = int8("y", 1, -2, 1, 1, 2, 1);
    model.operator(
        BuiltinOperator.MAX_POOL_2D,
        TestModel.options(
            new int[] {0, 1, 5, 3},
            new int[] {1, 2},
            new int[] {2, 2},
            new int[] {3, 2},
            new int[] {4, 2}),
        y,
        x);
    int[] input = IntStream.of(-9, -8, 1, 2, -7, -6, 3, 100).toArray();
    assertArrayEquals(new int[] {-2, 4}, TestRun.integers(model.build(new int[] {x}, y), input));
  }

  private static void assertRefused(byte[] bytes, String message) {
    DiagnosticException e = assertThrows(DiagnosticException.class, () -> TestRun.read(bytes));
    assertEquals(1, e.diagnostics().size(), e.getMessage());
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }
}
