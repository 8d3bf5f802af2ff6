// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.hardware.FrameOrder;
import dev.etch.op.ArgMax;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;

/** Index of the largest; the operand travels with the searched axis innermost. */
final class ArgMaxLowering implements OperatorLowering {
  @Override
  public void validate(Node node, Graph graph, DiagnosticCollector diagnostics) {
    ArgMax op = (ArgMax) node.op();
    if (node.inputs().get(0).type().shape().dimension(op.axis()) < 2) {
      diagnostics.error(
          node.location(), "the largest of a single element is asked for", "remove the node");
    }
  }

  @Override
  public void lower(Node node, PlanBuilder plan) {
    ArgMax op = (ArgMax) node.op();
    Value operand = node.inputs().get(0);
    Shape shape = operand.type().shape();
    int extent = shape.dimension(op.axis());
    FrameOrder order = plan.view(operand).order();
    if (!Orders.runsAlong(order, shape, op.axis())) {
      order = Orders.axisInnermost(shape, op.axis());
    }
    Edge input = plan.inOrder(node, operand, order, extent);
    int stride = shape.strides()[op.axis() < 0 ? op.axis() + shape.rank() : op.axis()];
    int[] indexes = new int[order.size() / extent];
    for (int group = 0; group < indexes.length; group++) {
      int index = order.indexes()[group * extent];
      indexes[group] = index / (stride * extent) * stride + index % stride;
    }
    Edge output =
        plan.declare(
            node.output(), new FrameOrder(indexes), 1, IntegerType.holding(0, extent - 1L));
    plan.add(new Stage.OfArgMax(plan.layer(node.name()), input, output, extent, op.selectLast()));
  }
}
