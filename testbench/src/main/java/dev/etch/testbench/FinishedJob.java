// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/** Waits for jobs in the background; what they throw is thrown again. */
public final class FinishedJob {
  private FinishedJob() {}

  /**
   * The result of a job.
   *
   * @throws SimulationException if the waiting thread is interrupted
   * @throws IllegalStateException if the job ended with a checked exception
   */
  public static <T> T result(Future<T> job) {
    try {
      return job.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException("a job in the background failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SimulationException(
          SimulationException.Kind.PROCESS, "interrupted while simulating", e);
    }
  }
}
