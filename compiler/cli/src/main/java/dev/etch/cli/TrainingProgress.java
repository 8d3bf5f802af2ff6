// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.compress.training.Progress;

/** Shows the progress of one task after the other. */
final class TrainingProgress implements Progress, AutoCloseable {
  private final Console console;
  private String task = "";
  private Console.Progress shown;

  TrainingProgress(Console console) {
    this.console = console;
  }

  @Override
  public synchronized void at(String name, long done, long total) {
    if (!name.equals(task)) {
      finish();
      task = name;
      shown = console.progress(name, total);
    }
    shown.to(done);
  }

  /** Ends the task; another of the same name may follow. */
  synchronized void finish() {
    if (shown != null) {
      shown.close();
      shown = null;
    }
    task = "";
  }

  @Override
  public void close() {
    finish();
  }
}
