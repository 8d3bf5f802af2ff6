// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.graph.Node;
import dev.etch.hardware.FrameOrder;
import dev.etch.hardware.Sum;

/** Sum of two streams in the same order. */
final class QuantizedAddLowering implements OperatorLowering {
  @Override
  public void lower(Node node, PlanBuilder plan) {
    FrameOrder order = Broadcasting.order(node, plan);
    Edge left = Broadcasting.operand(node, 0, order, plan);
    Edge right = Broadcasting.operand(node, 1, order, plan);
    Sum sum = plan.arithmetic().sum(node);
    Edge output = plan.declare(node.output(), order, left.channels());
    plan.add(new Stage.OfAdd(plan.layer(node.name()), left, right, output, sum));
  }
}
