// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.graph.Value;
import dev.etch.hardware.FrameOrder;
import dev.etch.tensor.IntegerType;
import java.util.Objects;

/**
 * Data that travels from a stage to other stages.
 *
 * @param id distinguishes edges
 * @param value what it carries, or what it is made of
 * @param isMade whether it carries something made of the value's elements, such as products
 * @param order in which its elements travel
 * @param type of an element
 * @param channels elements that a beat's width must divide
 */
public record Edge(
    int id, Value value, boolean isMade, FrameOrder order, IntegerType type, int channels) {
  public Edge {
    Objects.requireNonNull(value);
    Objects.requireNonNull(order);
    Objects.requireNonNull(type);
    if (order.size() % channels != 0) {
      throw new IllegalArgumentException("a frame is a whole number of pixels");
    }
  }

  /** Whether the frame is the value, not copies of some of its elements or what is made of them. */
  boolean carriesItsValue() {
    return !isMade && order.size() == value.type().shape().elements();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Edge edge && edge.id == id;
  }

  @Override
  public int hashCode() {
    return id;
  }
}
