// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import java.util.Arrays;

/**
 * Everything on which the future of a design depends, as numbers, times counted from now. Two
 * cycles with the same record are followed by the same cycles.
 */
final class StateRecord {
  private long[] numbers = new long[256];
  private int count;

  void add(long number) {
    if (count == numbers.length) {
      numbers = Arrays.copyOf(numbers, 2 * count);
    }
    numbers[count++] = number;
  }

  void add(boolean flag) {
    add(flag ? 1 : 0);
  }

  void add(boolean[] flags) {
    for (boolean flag : flags) {
      add(flag);
    }
  }

  long[] numbers() {
    return Arrays.copyOf(numbers, count);
  }
}
