// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import java.util.List;
import java.util.Objects;

/**
 * Index of the largest of {@code elements} consecutive elements; input beats hold one element. The
 * first elements - 1 beats of a group are popped as they come; the last is popped, and the index
 * pushed, in a cycle in which the output queue has space.
 *
 * @param name Verilog name
 * @param layer name in the model
 * @param input one element a beat
 * @param output one index a group
 * @param elements in a group, at least 2
 * @param selectLast whether the last of equals wins instead of the first
 */
public record ArgMaxUnit(
    String name, String layer, Stream input, Stream output, int elements, boolean selectLast)
    implements Unit {
  public ArgMaxUnit {
    Identifiers.requireLegal(name);
    Objects.requireNonNull(layer);
    if (input.type().elements() != 1 || elements < 2) {
      throw new IllegalArgumentException("one element a beat, at least two a group");
    }
  }

  @Override
  public List<Stream> inputs() {
    return List.of(input);
  }

  @Override
  public List<Stream> outputs() {
    return List.of(output);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.argMax(this);
  }
}
