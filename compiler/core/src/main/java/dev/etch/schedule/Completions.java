// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

/** Cycles in which the pixels that are under way will be seen complete, the first one first. */
final class Completions {
  private final long[] cycles;
  private int first;
  private int count;

  /** Of so many pixels at most. */
  Completions(int most) {
    this.cycles = new long[most];
  }

  void add(long cycle) {
    cycles[(first + count++) % cycles.length] = cycle;
  }

  /** The first one; {@link UnitModel#FOREVER} if there is none. */
  long first() {
    return count == 0 ? UnitModel.FOREVER : cycles[first];
  }

  /** Takes those up to a cycle; returns how many they were. */
  int until(long now) {
    int taken = 0;
    while (first() <= now) {
      first = (first + 1) % cycles.length;
      count--;
      taken++;
    }
    return taken;
  }

  void record(StateRecord record, long now) {
    record.add(count);
    for (int i = 0; i < count; i++) {
      record.add(cycles[(first + i) % cycles.length] - now);
    }
  }
}
