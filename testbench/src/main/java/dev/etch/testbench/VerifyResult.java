// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import dev.etch.tensor.IntegerTensor;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a verification found.
 *
 * @param frames of the caller that were compared
 * @param directedFrames further frames that were compared: made to reach extremes
 * @param outputsCompared elements that were compared
 * @param mismatches elements that differ
 * @param firstMismatch the one of the lowest frame and index
 * @param divergence the unit that was wrong first; only if there are mismatches and it was found
 * @param fault what is wrong apart from wrong bits; what would come after it was not tried
 * @param measured cycles in simulation, without stalls; empty if they could not be measured
 * @param predicted cycles by the cycle model, if the caller gave them
 * @param outputs the hardware's own outputs by frame, in their order, for measuring accuracy; empty
 *     unless asked for
 * @param simulatedCycles clock cycles of all frames, with stalls
 * @param seconds wall time of simulation, without building
 */
public record VerifyResult(
    int frames,
    int directedFrames,
    long outputsCompared,
    long mismatches,
    Optional<Mismatch> firstMismatch,
    Optional<Divergence> divergence,
    Optional<Fault> fault,
    Optional<Timing> measured,
    Optional<Timing> predicted,
    List<List<IntegerTensor>> outputs,
    long simulatedCycles,
    double seconds) {
  public VerifyResult {
    Objects.requireNonNull(firstMismatch);
    Objects.requireNonNull(divergence);
    Objects.requireNonNull(fault);
    Objects.requireNonNull(measured);
    Objects.requireNonNull(predicted);
    outputs = List.copyOf(outputs);
  }

  /** Whether every bit is equal. */
  public boolean bitsEqual() {
    return mismatches == 0;
  }

  /** Whether the measured cycles are the predicted ones; true if none were predicted. */
  public boolean cyclesEqual() {
    return predicted.isEmpty() || predicted.equals(measured);
  }

  /** Whether all is right. */
  public boolean passed() {
    return fault.isEmpty() && bitsEqual() && cyclesEqual();
  }
}
