// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer;

import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Cuts a graph: keeps the nodes between the named values. */
final class GraphCut {
  private GraphCut() {}

  static Graph of(Graph graph, Cut cut, String file) {
    if (cut.isNone()) {
      return graph;
    }
    Map<String, Value> given = new LinkedHashMap<>();
    graph.inputs().forEach(value -> given.put(value.name(), value));
    Map<String, Value> computed = new LinkedHashMap<>();
    graph.nodes().forEach(node -> node.outputs().forEach(v -> computed.put(v.name(), v)));
    cut.check(file, computed.keySet(), given.keySet());
    computed.putAll(given);
    List<Value> outputs =
        cut.outputs().isEmpty()
            ? graph.outputs()
            : cut.outputs().stream().map(computed::get).toList();
    List<Value> inputs =
        cut.inputs().isEmpty() ? graph.inputs() : cut.inputs().stream().map(computed::get).toList();
    return new Graph(graph.name(), inputs, outputs, between(graph, inputs, outputs));
  }

  private static List<Node> between(Graph graph, List<Value> inputs, List<Value> outputs) {
    Set<Value> needed = new HashSet<>(outputs);
    inputs.forEach(needed::remove);
    List<Node> kept = new ArrayList<>();
    for (int i = graph.nodes().size() - 1; i >= 0; i--) {
      Node node = graph.nodes().get(i);
      if (node.outputs().stream().anyMatch(needed::contains)) {
        kept.add(node);
        needed.addAll(node.inputs());
        inputs.forEach(needed::remove);
      }
    }
    Collections.reverse(kept);
    return kept;
  }
}
