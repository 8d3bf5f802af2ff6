// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import java.util.Arrays;

/**
 * Which units of the cycle model have to be looked at, and when: in the next cycle, or in a later
 * one. A unit that is looked at without need does nothing, so nothing is ever crossed out.
 */
final class Agenda {
  /** Stands for: nothing is entered. */
  static final long NEVER = UnitModel.FOREVER;

  /** Bits of a unit's number in an entry of the heap. */
  private final int unitBits;

  private int[] current;
  private int count;
  private int[] next;
  private int nextCount;
  private final boolean[] isNext;

  /** The last cycle that each unit was entered for. */
  private final long[] last;

  /** The first cycle that each unit is entered for, of those to come. */
  private final long[] first;

  /** A binary heap of cycles, each with a unit in its low bits. */
  private long[] heap;

  private int size;

  Agenda(int units) {
    this.unitBits = Integer.SIZE - Integer.numberOfLeadingZeros(units);
    this.current = new int[units];
    this.next = new int[units];
    this.isNext = new boolean[units];
    this.last = new long[units];
    this.first = new long[units];
    this.heap = new long[4 * units];
    Arrays.fill(first, NEVER);
    Arrays.fill(last, -1);
  }

  /** Enters a unit for the next cycle. */
  void next(int unit) {
    if (!isNext[unit]) {
      isNext[unit] = true;
      next[nextCount++] = unit;
    }
  }

  /** Enters a unit for a later cycle. */
  void at(int unit, long cycle) {
    if (cycle < first[unit]) {
      first[unit] = cycle;
      push(cycle << unitBits | unit);
    }
  }

  /** The first cycle from {@code soonest} on for which anything is entered. */
  long earliest(long soonest) {
    if (nextCount > 0) {
      return soonest;
    }
    return size == 0 ? NEVER : Math.max(soonest, heap[0] >> unitBits);
  }

  /** Turns to a cycle: the next, or the earliest. */
  void turnTo(long cycle) {
    int[] spare = current;
    current = next;
    count = nextCount;
    next = spare;
    nextCount = 0;
    for (int i = 0; i < count; i++) {
      last[current[i]] = cycle;
      isNext[current[i]] = false;
    }
    long end = (cycle + 1) << unitBits;
    while (size > 0 && heap[0] < end) {
      int unit = (int) (heap[0] & ((1L << unitBits) - 1));
      pop();
      first[unit] = NEVER;
      join(unit, cycle);
    }
  }

  /** Enters a unit for the cycle that it is. */
  void join(int unit, long cycle) {
    if (last[unit] != cycle) {
      last[unit] = cycle;
      current[count++] = unit;
    }
  }

  /** How many units are entered for the cycle that it is. */
  int count() {
    return count;
  }

  /** The {@code i}-th unit of the cycle. */
  int unit(int i) {
    return current[i];
  }

  private void push(long entry) {
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, 2 * size);
    }
    int place = size++;
    while (place > 0 && heap[(place - 1) / 2] > entry) {
      heap[place] = heap[(place - 1) / 2];
      place = (place - 1) / 2;
    }
    heap[place] = entry;
  }

  private void pop() {
    long entry = heap[--size];
    int place = 0;
    int child = 1;
    while (child < size) {
      if (child + 1 < size && heap[child + 1] < heap[child]) {
        child++;
      }
      if (heap[child] >= entry) {
        break;
      }
      heap[place] = heap[child];
      place = child;
      child = 2 * place + 1;
    }
    heap[place] = entry;
  }
}
