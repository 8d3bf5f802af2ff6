// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import java.util.Objects;
import java.util.Set;

/**
 * A stream that the host reads, and the AXI4-Stream master in front of which it ends.
 *
 * @param name prefix of the port's pins: {@value #ONLY} if a design has no other output, else that
 *     with the output's own name behind it
 * @param stream the host takes its beats, valid if the queue is not empty
 */
public record OutputPort(String name, Stream stream) {
  /** Port of a design with one output. */
  public static final String ONLY = "m_axis";

  public OutputPort {
    Identifiers.requireLegal(name);
    Objects.requireNonNull(stream);
  }

  /** The port of a design with one output. */
  public static OutputPort only(Stream stream) {
    return new OutputPort(ONLY, stream);
  }

  /**
   * A port's name that resembles that of a value.
   *
   * @param taken names of other ports
   */
  public static String name(String value, Set<String> taken) {
    return Identifiers.make(value, ONLY, taken);
  }
}
