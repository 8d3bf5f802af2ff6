// SPDX-License-Identifier: Apache-2.0
package dev.etch.graph;

import dev.etch.tensor.TensorType;
import java.util.Objects;

/** A named, typed edge of the graph. Names are unique in a graph; they come from the model. */
public record Value(String name, TensorType type) {
  public Value {
    Objects.requireNonNull(name);
    Objects.requireNonNull(type);
  }

  @Override
  public String toString() {
    return "%" + name + ": " + type;
  }
}
