// SPDX-License-Identifier: Apache-2.0
package dev.etch.templates.driver;

import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/**
 * The operators that make one output of a host part, each of the one before it. It begins at an
 * input of the part, or behind an operator of several operands, which is then the first.
 */
record HostChain(Value begin, List<Node> nodes) {
  HostChain {
    nodes = List.copyOf(nodes);
  }

  /** The chain that ends at an output. */
  static HostChain to(Value output, Graph part) {
    Map<Value, Node> producers = part.producers();
    Deque<Node> nodes = new ArrayDeque<>();
    Value begin = output;
    while (!part.inputs().contains(begin) && producers.containsKey(begin)) {
      Node node = producers.get(begin);
      nodes.addFirst(node);
      if (node.inputs().size() != 1) {
        break;
      }
      begin = node.inputs().get(0);
    }
    return new HostChain(begin, List.copyOf(nodes));
  }
}
