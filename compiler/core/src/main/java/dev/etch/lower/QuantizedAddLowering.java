// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.hardware.Sum;

/** Sum of two streams in the same order. */
final class QuantizedAddLowering implements OperatorLowering {
  @Override
  public void lower(Node node, PlanBuilder plan) {
    Value left = node.inputs().get(0);
    Value right = node.inputs().get(1);
    PlanBuilder.View view = plan.view(left);
    Edge other = plan.inOrder(node, right, view.order(), view.edge().channels());
    Sum sum = plan.arithmetic().sum(node);
    Edge output = plan.declare(node.output(), view.order(), view.edge().channels());
    plan.add(new Stage.OfAdd(plan.layer(node.name()), view.edge(), other, output, sum));
  }
}
