// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import dev.etch.hardware.arithmetic.Bits;
import java.math.BigInteger;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * The beats that a unit reads from the memory outside, from the first to the last, and from then on
 * again from a beat on.
 *
 * @param beats in the order in which they are read
 * @param again where reading goes on behind the last
 * @param beatsPerFrame how many a frame takes
 * @param ahead beats that the unit has taken when a frame may begin for the first time
 * @param room beats that there is room for, at least those that there are
 * @param crc of the beats, in a beat in front of them, if they may be others later: then it says to
 *     which weights they belong
 */
public record OutsideWords(
    List<BigInteger> beats, int again, long beatsPerFrame, int ahead, int room, OptionalInt crc) {
  public OutsideWords {
    beats = List.copyOf(beats);
    Objects.requireNonNull(crc);
    if (again < 0 || again >= beats.size() || room < beats.size()) {
      throw new IllegalArgumentException(
          beats.size() + " beats, from " + again + " on again, and room for " + room);
    }
  }

  /** Beats in front of the first: the CRC, if there is one. */
  public int headerBeats() {
    return crc.isPresent() ? 1 : 0;
  }

  /** Bits of the number of the last beat, if it may be another one later. */
  public int endBits() {
    return Math.max(1, Bits.choosing(room));
  }
}
