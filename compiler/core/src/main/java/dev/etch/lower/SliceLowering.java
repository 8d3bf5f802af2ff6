// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.hardware.FrameOrder;
import dev.etch.op.Slice;
import dev.etch.tensor.Shape;
import java.util.Comparator;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * A part of a frame. What stays keeps the order in which it arrives, so that also a backward slice
 * only leaves elements out; the result's order says where each belongs.
 */
final class SliceLowering implements OperatorLowering {
  @Override
  public void validate(Node node, Graph graph, DiagnosticCollector diagnostics) {
    if (node.output().type().shape().elements() == 0) {
      diagnostics.error(node.location(), "the slice is empty", "remove it and what reads it");
    }
  }

  @Override
  public void lower(Node node, PlanBuilder plan) {
    Slice op = (Slice) node.op();
    Value operand = node.inputs().get(0);
    Shape result = node.output().type().shape();
    PlanBuilder.View view = plan.view(operand);
    int[] arrival = view.order().places();
    IntUnaryOperator source = i -> op.source(i, operand.type().shape(), result);
    int[] indexes =
        IntStream.range(0, result.elements())
            .boxed()
            .sorted(Comparator.comparingInt(i -> arrival[source.applyAsInt(i)]))
            .mapToInt(Integer::intValue)
            .toArray();
    FrameOrder order = new FrameOrder(indexes);
    PlanBuilder.Copies copies =
        new PlanBuilder.Copies(view, operand.type().shape(), result, source);
    Edge edge = plan.copies(node, copies, order, node.output());
    plan.alias(node.output(), new PlanBuilder.View(edge, order));
  }
}
