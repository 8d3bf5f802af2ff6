// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.hardware.FrameOrder;
import dev.etch.op.NearestResize2d;
import dev.etch.tensor.Shape;

/** Rows and columns that are copied several times, or not at all. */
final class NearestResize2dLowering implements OperatorLowering {
  @Override
  public void validate(Node node, Graph graph, DiagnosticCollector diagnostics) {
    OperatorLowering.requireSingleFrame(node, diagnostics);
  }

  @Override
  public void lower(Node node, PlanBuilder plan) {
    NearestResize2d op = (NearestResize2d) node.op();
    Value operand = node.inputs().get(0);
    Shape from = operand.type().shape();
    Shape result = node.output().type().shape();
    FrameOrder arrival = Orders.rowsColumnsChannels(from, op.layout());
    FrameOrder order = Orders.rowsColumnsChannels(result, op.layout());
    int channels = from.dimension(op.layout().channelAxis());
    Edge input = plan.inOrder(node, operand, arrival, channels);
    PlanBuilder.View view = new PlanBuilder.View(input, arrival);
    PlanBuilder.Copies copies =
        new PlanBuilder.Copies(view, from, result, i -> op.source(i, from, result));
    Edge edge = plan.copies(node, copies, order, node.output());
    plan.alias(node.output(), new PlanBuilder.View(edge, order));
  }
}
