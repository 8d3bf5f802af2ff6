// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import dev.etch.tensor.IntegerTensor;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a verification found.
 *
 * @param frames that were compared
 * @param outputsCompared elements that were compared
 * @param mismatches elements that differ
 * @param firstMismatch the one of the lowest frame and index
 * @param divergence the unit that was wrong first; only if there are mismatches and it was found
 * @param measured cycles in simulation, without stalls
 * @param predicted cycles by the cycle model, if the caller gave them
 * @param outputs the hardware's own outputs by frame, for measuring accuracy; empty unless asked
 *     for
 * @param simulatedCycles clock cycles of all frames, with stalls
 * @param seconds wall time of simulation, without building
 */
public record VerifyResult(
    int frames,
    long outputsCompared,
    long mismatches,
    Optional<Mismatch> firstMismatch,
    Optional<Divergence> divergence,
    Timing measured,
    Optional<Timing> predicted,
    List<IntegerTensor> outputs,
    long simulatedCycles,
    double seconds) {
  public VerifyResult {
    Objects.requireNonNull(firstMismatch);
    Objects.requireNonNull(divergence);
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
    return predicted.isEmpty() || predicted.get().equals(measured);
  }

  /** Whether bits and cycles are right. */
  public boolean passed() {
    return bitsEqual() && cyclesEqual();
  }
}
