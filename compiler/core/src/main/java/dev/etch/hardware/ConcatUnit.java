// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import java.util.List;
import java.util.Objects;

/**
 * Joins streams along the channels: takes {@code beatsPerTurn[i]} beats of each part in turn. No
 * registers but the counters: in a cycle in which the part whose turn it is is not empty and the
 * output queue has space, one beat moves.
 *
 * @param name Verilog name
 * @param layer name in the model
 * @param parts at least two, with the output's beat type
 * @param output the joined stream
 * @param beatsPerTurn beats of each part in one turn (one pixel, when joining channels)
 */
public record ConcatUnit(
    String name, String layer, List<Stream> parts, Stream output, List<Integer> beatsPerTurn)
    implements Unit {
  public ConcatUnit {
    Identifiers.requireLegal(name);
    Objects.requireNonNull(layer);
    parts = List.copyOf(parts);
    beatsPerTurn = List.copyOf(beatsPerTurn);
    if (parts.size() != beatsPerTurn.size() || parts.size() < 2) {
      throw new IllegalArgumentException("at least two parts, each with its beats");
    }
  }

  @Override
  public List<Stream> inputs() {
    return parts;
  }

  @Override
  public List<Stream> outputs() {
    return List.of(output);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.concat(this);
  }
}
