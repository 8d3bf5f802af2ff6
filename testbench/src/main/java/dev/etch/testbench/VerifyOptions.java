// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * How to verify.
 *
 * @param stalls of the host, while comparing; cycles are always measured without
 * @param jobs simulator processes at a time, at least 1; job j has seed {@code stalls.seed() + j}
 * @param predicted cycles by the cycle model, if known; also decides how hard the simulator is
 *     optimized
 * @param waveFolder where the waveform of a mismatch goes
 * @param keepOutputs whether the result carries all outputs
 * @param cache of built simulators
 */
public record VerifyOptions(
    Stalls stalls,
    int jobs,
    Optional<Timing> predicted,
    Path waveFolder,
    boolean keepOutputs,
    SimulatorCache cache) {
  public VerifyOptions {
    Objects.requireNonNull(stalls);
    Objects.requireNonNull(predicted);
    Objects.requireNonNull(waveFolder);
    Objects.requireNonNull(cache);
    if (jobs < 1) {
      throw new IllegalArgumentException("at least one job");
    }
  }

  /** One job, no stalls, nothing predicted, the standard cache. */
  public static VerifyOptions standard(Path waveFolder) {
    return new VerifyOptions(
        Stalls.NONE, 1, Optional.empty(), waveFolder, false, SimulatorCache.standard());
  }

  /** With stalls. */
  public VerifyOptions withStalls(Stalls newStalls) {
    return new VerifyOptions(newStalls, jobs, predicted, waveFolder, keepOutputs, cache);
  }

  /** With so many processes. */
  public VerifyOptions withJobs(int newJobs) {
    return new VerifyOptions(stalls, newJobs, predicted, waveFolder, keepOutputs, cache);
  }

  /** With a prediction to compare with. */
  public VerifyOptions withPredicted(Timing timing) {
    return new VerifyOptions(stalls, jobs, Optional.of(timing), waveFolder, keepOutputs, cache);
  }

  /** With all outputs in the result. */
  public VerifyOptions keepingOutputs() {
    return new VerifyOptions(stalls, jobs, predicted, waveFolder, true, cache);
  }
}
