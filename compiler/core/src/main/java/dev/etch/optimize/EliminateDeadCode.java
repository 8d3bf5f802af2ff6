// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.pass.Pass;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;

/** Removes nodes that no result of the graph depends on. */
public final class EliminateDeadCode implements Pass {
  @Override
  public String name() {
    return "eliminate-dead-code";
  }

  @Override
  public Graph run(Graph graph, DiagnosticCollector diagnostics) {
    Set<Value> needed = new HashSet<>(graph.outputs());
    Deque<Node> kept = new ArrayDeque<>();
    Deque<Node> backwards = new ArrayDeque<>(graph.nodes());
    for (Iterator<Node> nodes = backwards.descendingIterator(); nodes.hasNext(); ) {
      Node node = nodes.next();
      if (node.outputs().stream().anyMatch(needed::contains)) {
        needed.addAll(node.inputs());
        kept.addFirst(node);
      }
    }
    return new Graph(graph.name(), graph.inputs(), graph.outputs(), java.util.List.copyOf(kept));
  }
}
