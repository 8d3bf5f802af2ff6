// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.IntegerConv2d;
import dev.etch.op.IntegerSumPool2d;
import dev.etch.op.Layout;
import dev.etch.op.MaxPool2d;
import dev.etch.op.Pad;
import dev.etch.op.QuantizedAdd;
import dev.etch.op.Requantize;
import java.util.Optional;

/** Finds the layout in which a value is read, looking through layers that keep the layout. */
final class SpatialReader {
  private SpatialReader() {}

  static Optional<Layout> layout(Graph graph, Value value) {
    if (value.type().shape().rank() != 4 || value.type().shape().dimension(0) != 1) {
      return Optional.empty();
    }
    for (Node node : graph.nodes()) {
      if (node.inputs().contains(value)) {
        Optional<Layout> layout = of(graph, node);
        if (layout.isPresent()) {
          return layout;
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<Layout> of(Graph graph, Node node) {
    if (node.op() instanceof IntegerConv2d conv) {
      return Optional.of(conv.layout());
    }
    if (node.op() instanceof MaxPool2d pool) {
      return Optional.of(pool.layout());
    }
    if (node.op() instanceof IntegerSumPool2d pool) {
      return Optional.of(pool.layout());
    }
    boolean keepsLayout =
        node.op() instanceof Pad
            || node.op() instanceof Requantize
            || node.op() instanceof QuantizedAdd;
    return keepsLayout ? layout(graph, node.output()) : Optional.empty();
  }
}
