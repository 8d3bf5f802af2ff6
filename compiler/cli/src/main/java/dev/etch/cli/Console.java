// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import java.io.PrintWriter;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import picocli.CommandLine.Model.CommandSpec;

/** Where a command talks to its user: results to standard output, the rest to standard error. */
final class Console {
  private final PrintWriter out;
  private final PrintWriter err;

  Console(CommandSpec spec) {
    this.out = spec.commandLine().getOut();
    this.err = spec.commandLine().getErr();
  }

  /** A result. */
  void print(String line) {
    out.println(line);
    out.flush();
  }

  /** What the command is doing. */
  void say(String line) {
    err.println(line);
    err.flush();
  }

  /** Something the user should know. */
  void warn(String line) {
    err.println(line);
    err.flush();
  }

  /** Counts finished pieces of work; safe to call from several threads. */
  interface Progress extends AutoCloseable {
    /** So many pieces are finished. */
    void to(long finished);

    @Override
    void close();
  }

  /** A bar on a terminal, otherwise a line every tenth of the work. */
  Progress progress(String task, long total) {
    return System.console() == null ? new Lines(task, total) : new Bar(task, total);
  }

  private static final class Bar implements Progress {
    private final ProgressBar bar;

    Bar(String task, long total) {
      bar =
          new ProgressBarBuilder()
              .setTaskName(task)
              .setInitialMax(total)
              .setStyle(ProgressBarStyle.ASCII)
              .build();
    }

    @Override
    public void to(long finished) {
      bar.stepTo(finished);
    }

    @Override
    public void close() {
      bar.close();
    }
  }

  private final class Lines implements Progress {
    private static final long SHORT_SECONDS = 5;

    private final String task;
    private final long total;
    private final long start = System.nanoTime();
    private long tenths;

    Lines(String task, long total) {
      this.task = task;
      this.total = total;
    }

    @Override
    public synchronized void to(long finished) {
      long reached = total == 0 ? 10 : finished * 10 / total;
      if (reached > tenths) {
        tenths = reached;
        say(task + ": " + finished + " of " + total + left(finished));
      }
    }

    /** How long the rest takes at the pace so far; nothing of what is over in a few seconds. */
    private String left(long finished) {
      long seconds = (System.nanoTime() - start) / 1_000_000_000;
      return seconds < SHORT_SECONDS || finished >= total
          ? ""
          : ", about " + seconds * (total - finished) / finished + " s left";
    }

    @Override
    public void close() {}
  }
}
