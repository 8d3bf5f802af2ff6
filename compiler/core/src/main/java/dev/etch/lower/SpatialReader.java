// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.IntegerConv2d;
import dev.etch.op.IntegerMultiply;
import dev.etch.op.IntegerSumPool2d;
import dev.etch.op.Layout;
import dev.etch.op.Lookup;
import dev.etch.op.MaxPool2d;
import dev.etch.op.NearestResize2d;
import dev.etch.op.Op;
import dev.etch.op.Pad;
import dev.etch.op.QuantizedAdd;
import dev.etch.op.Requantize;
import dev.etch.op.Slice;
import java.util.Optional;
import java.util.Set;

/** Finds the layout in which a value is read, looking through layers that keep the layout. */
final class SpatialReader {
  private static final Set<Class<? extends Op>> KEEP_LAYOUT =
      Set.of(
          IntegerMultiply.class,
          Lookup.class,
          Pad.class,
          QuantizedAdd.class,
          Requantize.class,
          Slice.class);

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
    if (node.op() instanceof NearestResize2d resize) {
      return Optional.of(resize.layout());
    }
    return KEEP_LAYOUT.contains(node.op().getClass())
        ? layout(graph, node.output())
        : Optional.empty();
  }
}
