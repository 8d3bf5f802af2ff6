// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.hardware.SharedArray;
import java.util.ArrayList;
import java.util.List;

/** Who may start in a cycle: the rule of {@link SharedArray}. */
final class ArrayModel {
  /** In the order of the data flow. */
  private final List<WindowModel> members = new ArrayList<>();

  private final List<Integer> numbers = new ArrayList<>();
  private final Agenda agenda;
  private final int number;
  private long decided = -1;
  private int granted;

  /** Cycle of the last step of the member that runs, or ran. */
  private long lastStep = -1;

  /**
   * An array.
   *
   * @param number in the agenda
   */
  ArrayModel(Agenda agenda, int number) {
    this.agenda = agenda;
    this.number = number;
  }

  void add(WindowModel member, int unit) {
    members.add(member);
    numbers.add(unit);
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
    decide(now);
    if (granted < 0 || members.get(granted) != member) {
      return false;
    }
    lastStep = now + member.steps();
    agenda.at(number, lastStep);
    return true;
  }

  /**
   * If the array may be handed on in cycle {@code now}: enters the unit that gets it. To be called
   * before any unit is stepped.
   */
  void handOn(long now) {
    if (lastStep == now) {
      decide(now);
      if (granted >= 0) {
        agenda.join(numbers.get(granted), now);
      }
    }
  }

  /** The most downstream member that asks. */
  private void decide(long now) {
    if (decided == now) {
      return;
    }
    decided = now;
    granted = members.size() - 1;
    while (granted >= 0 && !members.get(granted).asks(now)) {
      granted--;
    }
  }

  void record(StateRecord state, long now) {
    state.add(Math.max(-1, lastStep - now));
  }
}
