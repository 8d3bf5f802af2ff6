// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Matrices of circulant blocks are found, and no others. */
class CirculantWeightsTest {
  private static int[] circulant(int rows, int columns, int size, Random random) {
    int across = (columns + size - 1) / size;
    int[] diagonals =
        random.ints((long) across * ((rows + size - 1) / size) * size, 1, 100).toArray();
    return IntStream.range(0, rows * columns)
        .map(
            i -> {
              int row = i / columns;
              int column = i % columns;
              int block = row / size * across + column / size;
              return diagonals[block * size + Math.floorMod(row - column, size)];
            })
        .toArray();
  }

  private static Optional<Integer> size(int[] weights, int columns) {
    return new CirculantWeights(weights, columns).size();
  }

  @Test
  void theLargestBlocksAreFound() {
    Random random = new Random(1);
    for (int size = 2; size <= 64; size *= 2) {
      assertEquals(Optional.of(size), size(circulant(128, 192, size, random), 192));
    }
  }

  /** Of a block that is cut off, nothing is known but what is there. */
  @Test
  void blocksAtTheEdgesAreCutOff() {
    Random random = new Random(2);
    assertEquals(Optional.of(8), size(circulant(45, 61, 8, random), 61));
    assertEquals(Optional.of(4), size(circulant(7, 30, 4, random), 30));
  }

  @Test
  void oneOtherWeightIsEnough() {
    Random random = new Random(3);
    int[] weights = circulant(45, 61, 8, random);
    for (int tries = 0; tries < 200; tries++) {
      int[] changed = weights.clone();
      int at = random.nextInt(40 * 56);
      changed[at / 56 * 61 + at % 56]++;
      assertEquals(Optional.empty(), size(changed, 61));
    }
  }

  /** Nothing is saved where a diagonal is one weight, or most of all is zero. */
  @Test
  void itHasToSaveSomething() {
    assertEquals(Optional.empty(), size(new int[] {1, 2, 3, 4, 5, 6, 7, 8}, 8));
    assertEquals(Optional.empty(), size(new int[64 * 64], 64));
    int[] one = new int[64 * 64];
    IntStream.range(0, 4).forEach(i -> one[i * 65] = 5);
    assertEquals(Optional.empty(), size(one, 64));
  }
}
