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
 * @param outputs what the host reads, one for each of the graph's outputs, in their order
 */
public record Plan(
    PartitionedModel model, Graph graph, List<Stage> stages, Edge input, List<Output> outputs) {
  public Plan {
    Objects.requireNonNull(model);
    Objects.requireNonNull(graph);
    stages = List.copyOf(stages);
    outputs = List.copyOf(outputs);
  }

  /**
   * An edge that the host reads.
   *
   * @param meaning the graph's output and the order in which it travels
   */
  public record Output(Edge edge, LoweredModel.Meaning meaning) {
    public Output {
      Objects.requireNonNull(edge);
      Objects.requireNonNull(meaning);
    }
  }

  /** The graph's input and the order in which it travels. */
  public LoweredModel.Meaning inputMeaning() {
    return new LoweredModel.Meaning(input.value(), input.order());
  }

  /** The same with other stages between the same edges. */
  public Plan withStages(List<Stage> others) {
    return new Plan(model, graph, others, input, outputs);
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

  /** Whether the host reads an edge. */
  public boolean leaves(Edge edge) {
    return outputs.stream().anyMatch(output -> output.edge().equals(edge));
  }

  /** How often stages (and the host) read an edge. */
  public int readers(Edge edge) {
    int readers = 0;
    for (Output output : outputs) {
      readers += output.edge().equals(edge) ? 1 : 0;
    }
    for (Stage stage : stages) {
      for (Edge input : stage.inputs()) {
        readers += input.equals(edge) ? 1 : 0;
      }
    }
    return readers;
  }
}
