// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.training;

import dev.etch.compress.network.Network;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.Constant;
import dev.etch.tensor.Shape;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A network that another one learns from.
 *
 * @param network with the student's input and classes
 * @param temperature by which scores are divided, above 0
 * @param weight of what it gives in the loss, 0 to 1; the labels have the rest
 * @param hints weights in the loss of values inside, by their names; the student has them, too
 */
public record Teacher(Network network, float temperature, float weight, Map<String, Float> hints) {
  public Teacher {
    Objects.requireNonNull(network);
    hints = Collections.unmodifiableMap(new LinkedHashMap<>(hints));
    if (!(temperature > 0) || !(weight >= 0 && weight <= 1)) {
      throw new IllegalArgumentException("temperature " + temperature + ", weight " + weight);
    }
  }

  /** A teacher without hints. */
  public Teacher(Network network, float temperature, float weight) {
    this(network, temperature, weight, Map.of());
  }

  /** The network as far as a value that it gives hints of. */
  Network until(String name) {
    Graph graph = network.graph();
    return new Network(
        new Graph(graph.name(), graph.inputs(), List.of(value(network, name)), graph.nodes()));
  }

  /**
   * Complains unless a student has the values of the hints, of the same shapes.
   *
   * @throws DiagnosticException if one differs, or the teacher has none of its name
   */
  void check(Network student) {
    for (String name : hints.keySet()) {
      Shape own = value(network, name).type().shape();
      Shape other = value(student, name).type().shape();
      if (!own.equals(other)) {
        throw new DiagnosticException(
            Location.option("hints"),
            "'%s' is %s, but the teacher's is %s".formatted(name, other, own),
            "name a value that both have alike");
      }
    }
  }

  private static Value value(Network network, String name) {
    return network.nodes().stream()
        .map(Node::output)
        .filter(value -> value.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new DiagnosticException(
                    Location.option("hints"),
                    "'" + name + "' is no value that the scores depend on",
                    "values are "
                        + network.nodes().stream()
                            .filter(node -> !(node.op() instanceof Constant))
                            .map(node -> node.output().name())
                            .toList()));
  }
}
