// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

/** One unit of the cycle model: a state machine that is stepped once a cycle. */
interface UnitModel {
  /** Stands for: will not do anything unless a queue changes. */
  long FOREVER = Long.MAX_VALUE;

  /**
   * Does cycle {@code now}; returns whether anything happened besides counting down steps that do
   * not depend on any queue.
   */
  boolean step(long now);

  /**
   * After a quiet cycle {@code now}: how many of the following cycles are as quiet, as long as no
   * queue changes.
   */
  default long quiet(long now) {
    return FOREVER;
  }

  /** Whether it has to take part in cycle {@code now} even though it is quiet. */
  default boolean isCalled(long now) {
    return false;
  }

  /** Does {@code cycles} quiet cycles at once. */
  default void skip(long cycles) {}
}
