// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.etch.compress.network.RandomNetwork;
import dev.etch.compress.prune.Mask;
import dev.etch.tensor.Shape;
import org.junit.jupiter.api.Test;

/** Means along the diagonals of blocks. */
class CirculantBlocksTest {
  @Test
  void diagonalsAreTheirMeans() {
    float[] matrix = {
      1, 2, 5,
      4, 3, 7,
      9, 8, 6
    };
    CirculantBlocks blocks = CirculantBlocks.of(3, 2, Mask.all(9).kept());
    float[] means = {
      2, 3, 5,
      3, 2, 7,
      9, 8, 6
    };
    assertArrayEquals(means, blocks.restrict(matrix));
    float[] sums = {
      4, 6, 5,
      6, 4, 7,
      9, 8, 6
    };
    assertArrayEquals(sums, blocks.gradient(matrix, matrix));
  }

  /** A block is the same as its product by a rotated vector is rotated. */
  @Test
  void blocksAreCirculant() {
    int size = 8;
    float[] weights = RandomNetwork.random(Shape.of(size, size), 1).data();
    float[] block = CirculantBlocks.of(size, size, Mask.all(64).kept()).restrict(weights);
    for (int row = 0; row < size; row++) {
      for (int column = 0; column < size; column++) {
        int next = (row + 1) % size * size + (column + 1) % size;
        assertEquals(block[row * size + column], block[next]);
      }
    }
  }

  @Test
  void masksHold() {
    boolean[] kept = {true, false, true, true};
    float[] restricted = CirculantBlocks.of(2, 2, kept).restrict(new float[] {1, 5, 3, 3});
    assertArrayEquals(new float[] {2, 0, 3, 2}, restricted);
  }
}
