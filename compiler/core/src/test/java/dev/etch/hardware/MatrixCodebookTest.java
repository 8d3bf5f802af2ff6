// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.hardware.MatrixProgram.Lane;
import dev.etch.hardware.MatrixProgram.Place;
import java.math.BigInteger;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MatrixCodebookTest {
  private static MatrixProgram program(int steps, int... values) {
    List<Integer> weights =
        IntStream.range(0, steps).mapToObj(step -> values[step % values.length]).toList();
    Lane lane = new Lane(Collections.nCopies(steps, 1), weights);
    return new MatrixProgram(
        steps, List.of(0), 64, 1, 4, List.of(lane), List.of(List.of(new Place(0, 0))));
  }

  @Test
  void fewValuesAreIndicesOfATable() {
    MatrixCodebook codebook = MatrixCodebook.of(program(100, -100, 0, 7, 90)).orElseThrow();
    assertEquals(2, codebook.indexBits());
    assertEquals(8, codebook.weightBits());
    assertArrayEquals(new long[] {3, 0, 1}, codebook.indices(List.of(90, -100, 0)));
    assertEquals(
        IntStream.of(156, 0, 7, 90).mapToObj(BigInteger::valueOf).toList(),
        codebook.table().entries());
  }

  @Test
  void aTableHasToTakeFewerBitsThanItSaves() {
    // Six bits a step are saved, and the table has 32.
    assertEquals(Optional.empty(), MatrixCodebook.of(program(5, -100, 0, 7, 90)));
    assertTrue(MatrixCodebook.of(program(6, -100, 0, 7, 90)).isPresent());
    assertEquals(8, MatrixCodebook.bits(new int[] {-100, 0, 7, 90}, 5));
    assertEquals(2, MatrixCodebook.bits(new int[] {-100, 0, 7, 90}, 6));
  }

  @Test
  void manyOrSmallOrEqualValuesHaveNone() {
    assertEquals(
        Optional.empty(), MatrixCodebook.of(program(1000, IntStream.range(-300, 300).toArray())));
    assertEquals(Optional.empty(), MatrixCodebook.of(program(1000, -2, -1, 0, 1)));
    assertEquals(Optional.empty(), MatrixCodebook.of(program(1000, 5)));
  }
}
