// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.graph.Graph;
import dev.etch.graph.PartitionedModel;
import dev.etch.graph.Value;
import dev.etch.hardware.Design;
import dev.etch.hardware.FrameOrder;
import dev.etch.hardware.Stream;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A design with what its streams mean in terms of the model.
 *
 * @param model the model that was lowered
 * @param graph what was built: its accelerator part, or one that computes the same
 * @param design the hardware
 * @param input what the host sends; the design's input and output may be one and the same stream,
 *     which means another value at either end
 * @param outputs what the host receives, in the order of the design's output ports
 * @param meanings of every stream that carries a value of {@code model.accelerator()}
 */
public record LoweredModel(
    PartitionedModel model,
    Graph graph,
    Design design,
    Meaning input,
    List<Meaning> outputs,
    Map<Stream, Meaning> meanings) {
  public LoweredModel {
    Objects.requireNonNull(model);
    Objects.requireNonNull(graph);
    Objects.requireNonNull(design);
    Objects.requireNonNull(input);
    outputs = List.copyOf(outputs);
    if (outputs.size() != design.outputs().size()) {
      throw new IllegalArgumentException("each output has a meaning");
    }
    meanings = Map.copyOf(meanings);
  }

  /** The graph value that a stream carries, and the order of its elements. */
  public record Meaning(Value value, FrameOrder order) {
    public Meaning {
      Objects.requireNonNull(value);
      Objects.requireNonNull(order);
    }
  }

  /** The same model, built as another design of the same streams. */
  public LoweredModel withDesign(Design other) {
    return new LoweredModel(model, graph, other, input, outputs, meanings);
  }
}
