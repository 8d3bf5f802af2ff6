// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.graph.PartitionedModel;
import dev.etch.graph.Value;
import dev.etch.hardware.Design;
import dev.etch.hardware.FrameOrder;
import dev.etch.hardware.Stream;
import java.util.Map;
import java.util.Objects;

/**
 * A design with what its streams mean in terms of the model.
 *
 * @param model the model that was lowered
 * @param design the hardware
 * @param meanings of every stream that carries a value of {@code model.accelerator()}; always of
 *     the design's input and output
 */
public record LoweredModel(PartitionedModel model, Design design, Map<Stream, Meaning> meanings) {
  public LoweredModel {
    Objects.requireNonNull(model);
    Objects.requireNonNull(design);
    meanings = Map.copyOf(meanings);
  }

  /** The graph value that a stream carries, and the order of its elements. */
  public record Meaning(Value value, FrameOrder order) {
    public Meaning {
      Objects.requireNonNull(value);
      Objects.requireNonNull(order);
    }
  }

  /** Meaning of the design's input. */
  public Meaning input() {
    return meanings.get(design.input());
  }

  /** Meaning of the design's output. */
  public Meaning output() {
    return meanings.get(design.output());
  }
}
