// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.schedule.CycleResult.Activity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The frames that have left a design. If all is as it was when an earlier frame had left,
 * everything from there on happens again: later frames need not be played.
 */
final class FrameLog {
  /** What was there when a frame had left. */
  private record Entry(long end, long[] state, Map<String, Activity> activities) {}

  private final List<Entry> entries = new ArrayList<>();
  private final boolean foretelling;

  /** The first of the frames that repeat, counted from 0; -1 if none do. */
  private int first = -1;

  /** Frames from one that repeats to the next. */
  private int period;

  /**
   * A log.
   *
   * @param foretelling whether later frames follow from those that repeat, or are added all
   */
  FrameLog(boolean foretelling) {
    this.foretelling = foretelling;
  }

  /**
   * Adds a frame.
   *
   * @param end its last cycle
   * @param state of the design, see {@link StateRecord}; empty if it does not tell the future
   */
  void add(long end, long[] state, Map<String, Activity> activities) {
    for (int frame = 0; first < 0 && state.length > 0 && frame < entries.size(); frame++) {
      first = Arrays.equals(entries.get(frame).state, state) ? frame : -1;
      period = entries.size() - frame;
    }
    entries.add(new Entry(end, state, activities));
  }

  /** Frames whose ends are known. */
  int known() {
    return foretelling && isRepeating() ? Integer.MAX_VALUE : entries.size();
  }

  /** Whether it is known how the design goes on. */
  boolean isRepeating() {
    return first >= 0;
  }

  /** The frames to count instead of others, once it is known how the design goes on. */
  Counting counting(Counting others) {
    return isRepeating() ? others.inPeriods(first, period) : others;
  }

  /** The last cycle of a frame that is known, counted from 0. */
  long end(int frame) {
    long end = entries.get(played(frame)).end;
    return end + rounds(frame) * (last().end - entries.get(first < 0 ? 0 : first).end);
  }

  /** What each window unit had done when a frame had left that is known. */
  Map<String, Activity> activities(int frame) {
    Map<String, Activity> sums = new TreeMap<>(entries.get(played(frame)).activities);
    for (long round = 0; round < rounds(frame); round++) {
      sums.replaceAll(
          (unit, sum) ->
              sum.plus(last().activities.get(unit), entries.get(first).activities.get(unit)));
    }
    return sums;
  }

  private Entry last() {
    return entries.get(entries.size() - 1);
  }

  private int played(int frame) {
    return frame < entries.size() ? frame : frame - (int) rounds(frame) * period;
  }

  /** How often the frames that repeat have been played when a later frame leaves. */
  private long rounds(int frame) {
    return frame < entries.size() ? 0 : (frame - first - 1) / period;
  }
}
