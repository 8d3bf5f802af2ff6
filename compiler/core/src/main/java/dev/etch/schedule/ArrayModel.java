// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.hardware.SharedArray;
import java.util.ArrayList;
import java.util.List;

/** Who may start in a cycle: the rule of {@link SharedArray}. */
final class ArrayModel {
  /** In the order of the data flow. */
  private final List<WindowModel> members = new ArrayList<>();

  private long decided = -1;
  private WindowModel granted;

  /** Cycle of the last step of the member that runs, or ran. */
  private long lastStep = -1;

  void add(WindowModel member) {
    members.add(member);
  }

  /**
   * Whether {@code member} starts a pixel in cycle {@code now}. Every member asks before it changes
   * anything in that cycle, so the first one to ask sees the registers of all as they were at its
   * start.
   */
  boolean grants(WindowModel member, long now) {
    if (now < lastStep) {
      return false;
    }
    if (decided != now) {
      decided = now;
      granted = decide(now);
    }
    if (granted == member) {
      lastStep = now + member.steps();
    }
    return granted == member;
  }

  /** Whether another member may start in this cycle because one ends: all have to take part. */
  boolean hands(long now) {
    return lastStep == now;
  }

  private WindowModel decide(long now) {
    WindowModel last = null;
    for (WindowModel member : members) {
      last = member.asks(now) ? member : last;
    }
    return last;
  }
}
