// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.tensor.IntegerType;
import java.util.Objects;
import java.util.Optional;

/**
 * That the host loads a layer's weights.
 *
 * @param type of the weights
 * @param room of the schedule if this is loaded with them, so that zeros are skipped; empty if each
 *     weight has its step, zero or not
 * @param coded room of coded words, if these are loaded in place of a schedule
 */
public record LoadableWeights(
    IntegerType type, Optional<ScheduleRoom> room, Optional<CodedRoom> coded) {
  public LoadableWeights {
    Objects.requireNonNull(type);
    Objects.requireNonNull(room);
    Objects.requireNonNull(coded);
    if (room.isPresent() && coded.isPresent()) {
      throw new IllegalArgumentException("words are coded or not");
    }
  }

  /** Each weight in its step. */
  public static LoadableWeights of(IntegerType type) {
    return new LoadableWeights(type, Optional.empty(), Optional.empty());
  }

  /** With their schedule. */
  public LoadableWeights withRoom(ScheduleRoom room) {
    return new LoadableWeights(type, Optional.of(room), Optional.empty());
  }

  /** As coded words. */
  public LoadableWeights withCoded(CodedRoom coded) {
    return new LoadableWeights(type, Optional.empty(), Optional.of(coded));
  }

  /** Bits of a weight as a signed number. */
  public int signedBits() {
    return type.signed() ? type.bits() : type.bits() + 1;
  }
}
