// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize;

import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.Reshape;
import dev.etch.op.Transpose;
import java.util.Map;

/** Finds what makes the sums that a requantization takes. */
final class SummingNode {
  private SummingNode() {}

  /**
   * The node behind which only Reshapes and Transposes stand: averages over the edge have a
   * staircase a place, and move places to where channels are.
   *
   * @return null if the sums are the graph's input
   */
  static Node of(Node requantize, Map<Value, Node> producers) {
    Node node = producers.get(requantize.inputs().get(0));
    while (node != null && (node.op() instanceof Reshape || node.op() instanceof Transpose)) {
      node = producers.get(node.inputs().get(0));
    }
    return node;
  }
}
