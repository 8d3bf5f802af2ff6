// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import java.util.Objects;

/**
 * A queue between two units. Elements travel row by row, column by column, channel by channel.
 *
 * @param name a legal, unique Verilog identifier
 * @param type of a beat
 * @param beatsPerFrame beats that make one frame, at least 1
 */
public record Stream(String name, StreamType type, int beatsPerFrame) {
  /** Most beats of a queue that is read as a memory of look-up tables; deeper ones are blocks. */
  public static final int DEEPEST_IN_TABLES = 64;

  public Stream {
    Identifiers.requireLegal(name);
    Objects.requireNonNull(type);
    if (beatsPerFrame < 1) {
      throw new IllegalArgumentException("a frame has at least one beat");
    }
  }
}
