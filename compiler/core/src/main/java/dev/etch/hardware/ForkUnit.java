// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import java.util.List;
import java.util.Objects;

/**
 * Copies a stream. No registers: in a cycle in which the input queue is not empty and all output
 * queues have space, one beat moves to all of them.
 *
 * @param name Verilog name
 * @param layer name in the model
 * @param input beats
 * @param copies at least two, of the input's type
 */
public record ForkUnit(String name, String layer, Stream input, List<Stream> copies)
    implements Unit {
  public ForkUnit {
    Identifiers.requireLegal(name);
    Objects.requireNonNull(layer);
    copies = List.copyOf(copies);
    if (copies.size() < 2 || copies.stream().anyMatch(c -> !c.type().equals(input.type()))) {
      throw new IllegalArgumentException("at least two copies of the input's type");
    }
  }

  @Override
  public List<Stream> inputs() {
    return List.of(input);
  }

  @Override
  public List<Stream> outputs() {
    return copies;
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.fork(this);
  }
}
