// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.recipe;

import dev.etch.compress.data.Dataset;

/**
 * The items of a data set that ranges are measured with: its first ones. Of a set that is in the
 * order of its classes, as folders of images are, they would be of one class; there they are evenly
 * spread over the set.
 *
 * @param count how many, at least 1 and at most those of the set
 * @param step from one to the next
 */
record CalibrationItems(int count, double step) {
  /** At most so many items of a set. */
  static CalibrationItems of(Dataset data, int most) {
    int count = Math.min(most, data.count());
    return new CalibrationItems(
        count, isInOrder(data.labels()) ? (double) data.count() / count : 1);
  }

  /** The number in the set of the item of this number. */
  int item(int number) {
    return (int) (number * step);
  }

  private static boolean isInOrder(int[] labels) {
    for (int i = 1; i < labels.length; i++) {
      if (labels[i] < labels[i - 1]) {
        return false;
      }
    }
    return labels.length > 0;
  }
}
