// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.Printable;
import dev.etch.importer.onnx.format.NodeProto;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Puts the nodes that the outputs depend on into topological order, as near to the order of the
 * file as possible. Other nodes are dropped: they have no meaning.
 */
final class NodeOrder {
  private static final int NODES_SHOWN = 5;

  private final List<NodeProto> nodes;
  private final NodeNames names;
  private final DiagnosticCollector diagnostics;
  private final Map<String, Integer> producers = new HashMap<>();

  private NodeOrder(List<NodeProto> nodes, NodeNames names, DiagnosticCollector diagnostics) {
    this.nodes = nodes;
    this.names = names;
    this.diagnostics = diagnostics;
  }

  /**
   * The live nodes, producers first; reports names defined twice or never, and cycles.
   *
   * @param available names of inputs and initializers
   * @param outputs names of the graph's outputs
   */
  static List<NodeProto> of(
      List<NodeProto> nodes,
      Set<String> available,
      Set<String> outputs,
      NodeNames names,
      DiagnosticCollector diagnostics) {
    NodeOrder order = new NodeOrder(nodes, names, diagnostics);
    order.findProducers(available);
    return order.sort(order.live(outputs, available));
  }

  private void findProducers(Set<String> available) {
    for (int i = 0; i < nodes.size(); i++) {
      for (String output : nodes.get(i).getOutputList()) {
        if (output.isEmpty()) {
          continue;
        }
        if (available.contains(output) || producers.putIfAbsent(output, i) != null) {
          diagnostics.error(
              names.location(nodes.get(i)),
              "'" + Printable.of(output) + "' is defined twice",
              "every value has one producer; give it another name");
          break;
        }
      }
    }
  }

  private boolean[] live(Set<String> outputs, Set<String> available) {
    boolean[] live = new boolean[nodes.size()];
    Deque<Integer> pending = new ArrayDeque<>();
    outputs.forEach(output -> visit(output, live, pending));
    while (!pending.isEmpty()) {
      NodeProto node = nodes.get(pending.pop());
      boolean reported = false;
      for (String input : node.getInputList()) {
        if (!reported
            && !input.isEmpty()
            && !available.contains(input)
            && !producers.containsKey(input)) {
          diagnostics.error(
              names.location(node),
              "reads '" + Printable.of(input) + "', which nothing defines",
              "the file is damaged, or the node belongs into a subgraph");
          reported = true;
        }
        visit(input, live, pending);
      }
    }
    return live;
  }

  private void visit(String name, boolean[] live, Deque<Integer> pending) {
    Integer producer = producers.get(name);
    if (producer != null && !live[producer]) {
      live[producer] = true;
      pending.push(producer);
    }
  }

  /** Kahn's algorithm; of the nodes that are ready, the first of the file is taken. */
  private List<NodeProto> sort(boolean[] live) {
    int[] waiting = new int[nodes.size()];
    Map<Integer, List<Integer>> readers = new HashMap<>();
    PriorityQueue<Integer> ready = new PriorityQueue<>();
    for (int i = 0; i < live.length; i++) {
      if (!live[i]) {
        continue;
      }
      for (String input : nodes.get(i).getInputList()) {
        Integer producer = producers.get(input);
        if (producer != null) {
          waiting[i]++;
          readers.computeIfAbsent(producer, p -> new ArrayList<>()).add(i);
        }
      }
      if (waiting[i] == 0) {
        ready.add(i);
      }
    }
    List<NodeProto> sorted = new ArrayList<>();
    while (!ready.isEmpty()) {
      int next = ready.remove();
      sorted.add(nodes.get(next));
      for (int reader : readers.getOrDefault(next, List.of())) {
        if (--waiting[reader] == 0) {
          ready.add(reader);
        }
      }
    }
    reportCycle(IntStream.range(0, live.length).filter(i -> live[i] && waiting[i] > 0).toArray());
    return sorted;
  }

  private void reportCycle(int[] stuck) {
    if (stuck.length == 0) {
      return;
    }
    List<String> shown =
        IntStream.of(stuck)
            .limit(NODES_SHOWN)
            .mapToObj(i -> "'" + Printable.of(names.of(nodes.get(i))) + "'")
            .toList();
    diagnostics.error(
        names.location(nodes.get(stuck[0])),
        stuck.length
            + " nodes are on a cycle or behind it: "
            + String.join(", ", shown)
            + (stuck.length > NODES_SHOWN ? ", ..." : ""),
        "a model is a graph without cycles");
  }
}
