// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

/**
 * One unit of the cycle model: a state machine that is stepped once a cycle, but for cycles in
 * which it is known to do nothing.
 */
interface UnitModel {
  /** Stands for: will not do anything unless a queue changes. */
  long FOREVER = Long.MAX_VALUE;

  /**
   * Does cycle {@code now}; returns whether anything happened besides counting down steps that do
   * not depend on any queue.
   */
  boolean step(long now);

  /**
   * After a quiet cycle {@code now}: the next one that is not, as long as no queue changes and no
   * array is handed on.
   */
  default long wakes(long now) {
    return FOREVER;
  }

  /** Adds all that its future depends on, as it is before cycle {@code now}. */
  void record(StateRecord state, long now);
}
