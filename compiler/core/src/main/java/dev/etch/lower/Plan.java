// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.graph.Graph;
import dev.etch.graph.PartitionedModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The data flow of the accelerator, before folding.
 *
 * @param model where it comes from
 * @param graph what is built: the model's accelerator part, or one that computes the same
 * @param stages in topological order
 * @param input what the host feeds
 * @param output what the host reads
 * @param outputMeaning the graph's output and the order in which it travels
 */
public record Plan(
    PartitionedModel model,
    Graph graph,
    List<Stage> stages,
    Edge input,
    Edge output,
    LoweredModel.Meaning outputMeaning) {
  public Plan {
    Objects.requireNonNull(model);
    Objects.requireNonNull(graph);
    stages = List.copyOf(stages);
    Objects.requireNonNull(outputMeaning);
  }

  /** The graph's input and the order in which it travels. */
  public LoweredModel.Meaning inputMeaning() {
    return new LoweredModel.Meaning(input.value(), input.order());
  }

  /** The same with other stages between the same edges. */
  public Plan withStages(List<Stage> others) {
    return new Plan(model, graph, others, input, output, outputMeaning);
  }

  /** The window stages. */
  public List<Stage.OfWindow> windows() {
    List<Stage.OfWindow> windows = new ArrayList<>();
    for (Stage stage : stages) {
      if (stage instanceof Stage.OfWindow window) {
        windows.add(window);
      }
    }
    return windows;
  }

  /** How often stages (and the host) read an edge. */
  public int readers(Edge edge) {
    int readers = edge.equals(output) ? 1 : 0;
    for (Stage stage : stages) {
      for (Edge input : stage.inputs()) {
        readers += input.equals(edge) ? 1 : 0;
      }
    }
    return readers;
  }
}
