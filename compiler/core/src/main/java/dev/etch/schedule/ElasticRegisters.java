// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

/**
 * Registers in front of a queue that move on if the next is empty or moves on too, as {@link
 * dev.etch.hardware.MapUnit} says.
 */
final class ElasticRegisters {
  private final QueueState output;
  private final boolean[] valid;

  ElasticRegisters(int stages, QueueState output) {
    this.output = output;
    this.valid = new boolean[stages];
  }

  /** All that can move on do, the last into the queue; returns whether any did. */
  boolean move() {
    boolean moved = false;
    boolean room = output.canPush();
    for (int stage = valid.length - 1; stage >= 0; stage--) {
      if (valid[stage] && room) {
        moved = true;
        valid[stage] = false;
        if (stage == valid.length - 1) {
          output.push();
        } else {
          valid[stage + 1] = true;
        }
      }
      room = !valid[stage];
    }
    return moved;
  }

  /** Whether the first can take a beat, behind {@link #move} in the same cycle. */
  boolean hasRoom() {
    return !valid[0];
  }

  /** The first takes a beat. */
  void take() {
    valid[0] = true;
  }

  /** Whether the first {@code stages} are empty. */
  boolean isEmpty(int stages) {
    for (int stage = 0; stage < stages; stage++) {
      if (valid[stage]) {
        return false;
      }
    }
    return true;
  }

  /** Whether all are empty. */
  boolean isEmpty() {
    return isEmpty(valid.length);
  }

  void record(StateRecord record) {
    record.add(valid);
  }
}
