// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.hardware.MatrixRoom;
import java.util.Objects;
import java.util.Optional;

/**
 * How much more than the weights at hand a layer takes whose elements are broadcast, and whose
 * coded words the host loads.
 *
 * @param headroom share of symbols that is added, at least 0; 0.2 is a fifth
 * @param ofSteps share of steps and of words of the stream
 * @param exact exactly so much; empty if the headroom says it
 */
public record CodedRoom(double headroom, double ofSteps, Optional<MatrixRoom> exact) {
  public CodedRoom {
    Objects.requireNonNull(exact);
    if (!(headroom >= 0 && ofSteps >= 0)) {
      throw new IllegalArgumentException("headroom of " + headroom + " and " + ofSteps);
    }
  }
}
