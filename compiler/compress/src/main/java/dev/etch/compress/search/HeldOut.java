// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.search;

import dev.etch.compress.data.Dataset;
import java.util.stream.IntStream;

/**
 * A training set in two parts: what is trained on, and what is chosen by. The test set is for
 * neither.
 *
 * @param training most of it
 * @param chosenBy every few-th item
 */
public record HeldOut(Dataset training, Dataset chosenBy) {
  private static final int EVERY = 10;
  private static final int MOST = 2000;

  /** Both parts of a set; the second has a tenth of it, and at most 2,000 items. */
  public static HeldOut of(Dataset set) {
    int every = Math.max(EVERY, (set.count() + MOST - 1) / MOST);
    return new HeldOut(
        set.of(IntStream.range(0, set.count()).filter(i -> i % every != 0).toArray()),
        set.of(IntStream.range(0, set.count()).filter(i -> i % every == 0).toArray()));
  }
}
