// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.etch.compress.data.Augmentation;
import dev.etch.compress.data.Dataset;
import dev.etch.compress.data.Elements;
import dev.etch.compress.data.Normalization;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.tensor.Shape;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What a network gets of a data set. */
class BatchesTest {
  private static final Items ITEMS = items(Shape.of(2, 1, 2), Shape.of(1, 2, 1, 2));

  private static Items items(Shape item, Shape input) {
    byte[] bytes = new byte[40];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) i;
    }
    Dataset data = new Dataset(item, new Elements.Bytes(bytes), new int[0]);
    return new Items(data, Normalization.NONE, input, "data");
  }

  @Test
  void anEpochHasEachItemOnce() {
    Batches batches = new Batches(ITEMS, Augmentation.NONE, 5, 1);
    assertEquals(2, batches.perEpoch());
    int[] first = epoch(batches, 0);
    int[] second = epoch(batches, 2);
    assertFalse(Arrays.equals(first, second));
    Arrays.sort(first);
    Arrays.sort(second);
    int[] all = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    assertArrayEquals(all, first);
    assertArrayEquals(all, second);
  }

  private static int[] epoch(Batches batches, int step) {
    int[] numbers = Arrays.copyOf(batches.numbers(step), 10);
    System.arraycopy(batches.numbers(step + 1), 0, numbers, 5, 5);
    return numbers;
  }

  /** A training that goes on at step 3 has the batches of one that was never stopped. */
  @Test
  void aBatchFollowsFromSeedAndNumber() {
    Augmentation flips = new Augmentation(0, true);
    Batches whole = new Batches(ITEMS, flips, 5, 9);
    for (int step = 0; step < 3; step++) {
      whole.numbers(step);
    }
    int[] numbers = whole.numbers(3);
    Batches resumed = new Batches(ITEMS, flips, 5, 9);
    assertArrayEquals(numbers, resumed.numbers(3));
    assertArrayEquals(whole.batch(3, numbers).items(), resumed.batch(3, numbers).items());
    assertFalse(Arrays.equals(numbers, new Batches(ITEMS, flips, 5, 10).numbers(3)));
  }

  @Test
  void elementsAreNormalizedAndInTheNetworksOrder() {
    assertArrayEquals(new float[] {4, 5, 6, 7}, ITEMS.item(1));
    Items last = items(Shape.of(2, 1, 2), Shape.of(1, 1, 2, 2));
    assertArrayEquals(new float[] {4, 6, 5, 7}, last.item(1));
    assertArrayEquals(new int[] {4, 6, 5, 7}, last.bytes(1));
    assertArrayEquals(new float[] {4, 5, 6, 7}, items(Shape.of(2, 1, 2), Shape.of(1, 4)).item(1));
    assertEquals(-1, new Normalization(1 / 128f, 128).apply(0));
  }

  @Test
  void itemsOfAnotherSizeAreRefused() {
    DiagnosticException e =
        assertThrows(
            DiagnosticException.class, () -> items(Shape.of(2, 1, 2), Shape.of(1, 3, 1, 2)));
    assertEquals(
        "data: error: items are [2, 1, 2], but the model takes [1, 3, 1, 2]\n"
            + "  help: use data of the model's size",
        e.getMessage());
  }
}
