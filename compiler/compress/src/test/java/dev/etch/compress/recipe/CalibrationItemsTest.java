// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.etch.compress.data.Dataset;
import dev.etch.compress.data.Elements;
import dev.etch.tensor.Shape;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CalibrationItemsTest {
  private static int[] items(int most, int... labels) {
    Dataset data = new Dataset(Shape.of(1), new Elements.Bytes(new byte[6]), labels);
    CalibrationItems items = CalibrationItems.of(data, most);
    return IntStream.range(0, items.count()).map(items::item).toArray();
  }

  @Test
  void ofAShuffledSetTheFirst() {
    assertArrayEquals(new int[] {0, 1, 2}, items(3, 1, 0, 2, 1, 2, 0));
    assertArrayEquals(new int[] {0, 1, 2}, items(3));
  }

  @Test
  void ofASetInTheOrderOfItsClassesSomeOfEach() {
    assertArrayEquals(new int[] {0, 2, 4}, items(3, 0, 0, 1, 1, 2, 2));
    assertArrayEquals(new int[] {0, 1, 3, 4}, items(4, 0, 0, 1, 1, 2, 2));
  }

  @Test
  void notMoreThanThereAre() {
    assertArrayEquals(new int[] {0, 1, 2, 3, 4, 5}, items(100, 0, 0, 1, 1, 2, 2));
  }
}
