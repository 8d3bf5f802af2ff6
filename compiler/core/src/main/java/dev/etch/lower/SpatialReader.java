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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

  /**
   * One walk over the nodes from the last to the first: a value is read as its first reader in the
   * order of the graph reads it that has a layout or hands its operand's layout on.
   */
  static Optional<Layout> layout(Graph graph, Value value) {
    Map<Value, Layout> layouts = new HashMap<>();
    List<Node> nodes = graph.nodes();
    for (int i = nodes.size() - 1; i >= 0; i--) {
      Node node = nodes.get(i);
      Layout layout = of(node).orElseGet(() -> passedOn(node, layouts));
      if (layout != null) {
        node.inputs().stream()
            .filter(SpatialReader::isMap)
            .forEach(operand -> layouts.put(operand, layout));
      }
    }
    return Optional.ofNullable(layouts.get(value));
  }

  private static boolean isMap(Value value) {
    return value.type().shape().rank() == 4 && value.type().shape().dimension(0) == 1;
  }

  private static Layout passedOn(Node node, Map<Value, Layout> layouts) {
    return KEEP_LAYOUT.contains(node.op().getClass()) ? layouts.get(node.output()) : null;
  }

  private static Optional<Layout> of(Node node) {
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
    return Optional.empty();
  }
}
