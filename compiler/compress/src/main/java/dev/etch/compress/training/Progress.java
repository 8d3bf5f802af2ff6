// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.training;

/** Hears how far long work is. */
@FunctionalInterface
public interface Progress {
  /** Nobody listens. */
  Progress NONE = (task, done, total) -> {};

  /** So many pieces of a task are done; called from 1 to {@code total}. */
  void at(String task, long done, long total);
}
