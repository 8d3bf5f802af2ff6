// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.requantizer;

import java.util.List;

/**
 * {@code low + (number of thresholds <= accumulator)}.
 *
 * @param thresholds ascending; one list a channel, or one for all
 * @param low the result below all thresholds
 */
public record Thresholds(List<List<Long>> thresholds, int low) implements Requantizer {
  public Thresholds {
    thresholds = thresholds.stream().map(List::copyOf).toList();
    thresholds.forEach(Thresholds::checkAscending);
  }

  /** By binary search: a staircase of 16 bits has tens of thousands of thresholds. */
  @Override
  public long apply(int channel, long accumulator) {
    List<Long> steps = PerChannel.of(thresholds, channel);
    int reached = 0;
    int beyond = steps.size();
    while (reached < beyond) {
      int middle = (reached + beyond) >>> 1;
      if (accumulator >= steps.get(middle)) {
        reached = middle + 1;
      } else {
        beyond = middle;
      }
    }
    return low + (long) reached;
  }

  private static void checkAscending(List<Long> steps) {
    for (int i = 1; i < steps.size(); i++) {
      if (steps.get(i) < steps.get(i - 1)) {
        throw new IllegalArgumentException("threshold " + steps.get(i) + " after a larger one");
      }
    }
  }

  @Override
  public Requantizer repeated(int times) {
    return new Thresholds(PerChannel.repeat(thresholds, times), low);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.thresholds(this);
  }
}
