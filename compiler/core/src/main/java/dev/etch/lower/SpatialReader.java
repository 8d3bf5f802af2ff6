// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.ArgMax;
import dev.etch.op.BatchToSpace;
import dev.etch.op.BilinearResize2d;
import dev.etch.op.Concat;
import dev.etch.op.Constant;
import dev.etch.op.ConversionOp;
import dev.etch.op.FloatOp;
import dev.etch.op.IntegerConv2d;
import dev.etch.op.IntegerDense;
import dev.etch.op.IntegerLstm;
import dev.etch.op.IntegerMultiply;
import dev.etch.op.IntegerSoftmaxOp;
import dev.etch.op.IntegerSumPool2d;
import dev.etch.op.Layout;
import dev.etch.op.Lookup;
import dev.etch.op.MaxPool2d;
import dev.etch.op.NearestResize2d;
import dev.etch.op.Op;
import dev.etch.op.OperatorTable;
import dev.etch.op.Pad;
import dev.etch.op.QuantizedAdd;
import dev.etch.op.Requantize;
import dev.etch.op.Reshape;
import dev.etch.op.Slice;
import dev.etch.op.SpaceToBatch;
import dev.etch.op.Transpose;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the layout in which a value is read, looking through layers that keep the layout. */
final class SpatialReader {
  /** In which layout an operator reads its maps, given the layout in which its result is read. */
  private interface Reading {
    Optional<Layout> layout(Op op, Optional<Layout> ofResult);
  }

  private static final OperatorTable<Reading> READINGS =
      OperatorTable.<Reading>of("layouts")
          .with((op, result) -> Optional.of(((IntegerConv2d) op).layout()), IntegerConv2d.class)
          .with(
              (op, result) -> Optional.of(((IntegerSumPool2d) op).layout()), IntegerSumPool2d.class)
          .with((op, result) -> Optional.of(((MaxPool2d) op).layout()), MaxPool2d.class)
          .with((op, result) -> Optional.of(((NearestResize2d) op).layout()), NearestResize2d.class)
          .with(
              (op, result) -> result,
              IntegerMultiply.class,
              Lookup.class,
              Pad.class,
              QuantizedAdd.class,
              Requantize.class,
              Slice.class)
          .without("works on floats, or makes or takes them", ConversionOp.class, FloatOp.class)
          .without("reads vectors", IntegerDense.class, IntegerLstm.class)
          .without("goes along an axis of any shape", ArgMax.class, IntegerSoftmaxOp.class)
          .without(
              "reads any layout: its maps are put in order in front of it", BilinearResize2d.class)
          .without("has other axes than its result", Reshape.class, Transpose.class)
          .without("joins what may be read in several layouts", Concat.class)
          .without("reads nothing", Constant.class)
          .without("a dilation by now", BatchToSpace.class, SpaceToBatch.class)
          .build();

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
      Optional<Layout> ofResult = Optional.ofNullable(layouts.get(node.output()));
      READINGS
          .find(node.op())
          .flatMap(reading -> reading.layout(node.op(), ofResult))
          .ifPresent(
              layout ->
                  node.inputs().stream()
                      .filter(SpatialReader::isMap)
                      .forEach(operand -> layouts.put(operand, layout)));
    }
    return Optional.ofNullable(layouts.get(value));
  }

  private static boolean isMap(Value value) {
    return value.type().shape().rank() == 4 && value.type().shape().dimension(0) == 1;
  }
}
