// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.hardware.ExternalMemory;
import dev.etch.hardware.MatrixRoom;
import java.util.Objects;
import java.util.Optional;

/**
 * How much more than the weights at hand a layer takes whose elements are broadcast, and whose
 * coded words the host loads: into the FPGA, or into a memory outside and what is needed to decode
 * them into the FPGA.
 *
 * @param headroom share of symbols that is added, at least 0; 0.2 is a fifth
 * @param ofSteps share of steps and of words of the stream
 * @param exact exactly so much; empty if the headroom says it
 * @param outside the memory that holds the words; empty if the FPGA does
 */
public record CodedRoom(
    double headroom, double ofSteps, Optional<MatrixRoom> exact, Optional<ExternalMemory> outside) {
  public CodedRoom {
    Objects.requireNonNull(exact);
    Objects.requireNonNull(outside);
    if (!(headroom >= 0 && ofSteps >= 0)) {
      throw new IllegalArgumentException("headroom of " + headroom + " and " + ofSteps);
    }
  }

  /** For words that the FPGA holds. */
  public CodedRoom(double headroom, double ofSteps, Optional<MatrixRoom> exact) {
    this(headroom, ofSteps, exact, Optional.empty());
  }
}
