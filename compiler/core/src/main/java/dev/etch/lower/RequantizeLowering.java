// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.hardware.FrameOrder;
import dev.etch.hardware.Requantizer;
import dev.etch.op.Requantize;
import dev.etch.tensor.Shape;

/** A requantization that does not follow an accumulating layer directly. */
final class RequantizeLowering implements OperatorLowering {
  @Override
  public void lower(Node node, PlanBuilder plan) {
    Requantize op = (Requantize) node.op();
    Value operand = node.inputs().get(0);
    Requantizer requantizer = plan.arithmetic().requantizer(node);
    PlanBuilder.View view = plan.view(operand);
    Edge input = view.edge();
    FrameOrder order = view.order();
    int channels = 1;
    if (op.channels().size() > 1) {
      Shape shape = operand.type().shape();
      channels = shape.dimension(op.channelAxis());
      if (!Orders.runsAlong(order, shape, op.channelAxis())) {
        order = Orders.axisInnermost(shape, op.channelAxis());
        input = plan.inOrder(node, operand, order, channels);
      }
    }
    Edge output = plan.declare(node.output(), order, input.channels());
    plan.add(new Stage.OfMap(plan.layer(node.name()), input, output, channels, requantizer));
  }
}
