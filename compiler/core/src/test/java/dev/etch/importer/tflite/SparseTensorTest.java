// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.flatbuffers.FlatBufferBuilder;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.importer.tflite.schema.BuiltinOperator;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;

/** Sparse weights, compressed by rows or in blocks, read as the dense ones that they stand for. */
class SparseTensorTest {
  private static final int[] DENSE = {
    1, 0, 2, 3, //
    0, 4, 0, 0, //
    0, 0, 5, 0, //
    0, 0, 0, 6
  };

  @Test
  void compressedRows() {
    ToIntFunction<FlatBufferBuilder> rows =
        TestModel.sparsity(
            new int[] {0, 1},
            new int[0],
            new int[] {4},
            new int[] {0, 3, 4, 5, 6, -1, 0, 2, 3, 1, 2, 3});
    check(rows, false, 1, 2, 3, 4, 5, 6);
    check(rows, true, 1, 2, 3, 4, 5, 6);
  }

  @Test
  void blocks() {
    // Blocks of 2 by 2: both in the first row of blocks, only the second in the other.
    ToIntFunction<FlatBufferBuilder> blocks =
        TestModel.sparsity(
            new int[] {0, 1, 2, 3},
            new int[] {0, 1},
            new int[] {2},
            new int[] {0, 2, 3, -1, 0, 1, 1},
            new int[] {2},
            new int[] {2});
    check(blocks, false, 1, 0, 0, 4, 2, 3, 0, 0, 5, 0, 0, 6);
  }

  @Test
  void damagedLayoutsAreRefused() {
    refused(new int[] {0, 1}, new int[] {4}, new int[] {0, 3, 4, 5, 7, -1, 0, 2, 3, 1, 2, 3});
    refused(new int[] {0, 1}, new int[] {4}, new int[] {0, 3, 4, 5, 6, -1, 0, 2, 3, 1, 2, 9});
    refused(new int[] {0, 1}, new int[] {4}, new int[] {0, 4, 3, 5, 6, -1, 0, 2, 3, 1, 2, 3});
    refused(new int[] {0, 0}, new int[] {4}, new int[] {0, 3, 4, 5, 6, -1, 0, 2, 3, 1, 2, 3});
    refused(new int[] {0, 1}, new int[] {100}, new int[] {100});
  }

  private static void refused(int[] order, int[]... dimensions) {
    DiagnosticException e =
        assertThrows(
            DiagnosticException.class,
            () ->
                TestRun.read(
                    model(
                        TestModel.sparsity(order, new int[0], dimensions),
                        false,
                        new int[] {1, 2, 3, 4, 5, 6})));
    assertEquals(1, e.diagnostics().size(), e.getMessage());
    assertTrue(e.getMessage().contains("sparse tensor is damaged"), e.getMessage());
  }

  /** Each unit vector picks a column of the weights. */
  private static void check(
      ToIntFunction<FlatBufferBuilder> sparsity, boolean densify, int... stored) {
    byte[] model = model(sparsity, densify, stored);
    for (int column = 0; column < 4; column++) {
      int[] unit = new int[4];
      unit[column] = 1;
      int[] expected = new int[4];
      for (int row = 0; row < 4; row++) {
        expected[row] = DENSE[4 * row + column];
      }
      assertArrayEquals(expected, TestRun.integers(model, unit), "column " + column);
    }
  }

  private static byte[] model(
      ToIntFunction<FlatBufferBuilder> sparsity, boolean densify, int[] stored) {
    TestModel model = new TestModel();
    int x = model.tensor("x", TestModel.INT8, 1, 0, 1, 4);
    int weights = model.sparse("w", sparsity, stored, 4, 4);
    if (densify) {
      int dense = model.tensor("dense", TestModel.INT8, 1, 0, 4, 4);
      model.operator(BuiltinOperator.DENSIFY, dense, weights);
      weights = dense;
    }
    int y = model.tensor("y", TestModel.INT8, 1, 0, 1, 4);
    model.operator(BuiltinOperator.FULLY_CONNECTED, y, x, weights);
    return model.build(new int[] {x}, y);
  }
}
