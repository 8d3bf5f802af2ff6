// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.exact.StagedSum;
import dev.etch.graph.Node;
import dev.etch.hardware.FrameOrder;
import dev.etch.hardware.Sum;
import java.util.Optional;

/** Sum of two streams in the same order. */
final class QuantizedAddLowering implements OperatorLowering {
  @Override
  public void lower(Node node, PlanBuilder plan) {
    FrameOrder order = Broadcasting.order(node, plan);
    Edge left = Broadcasting.operand(node, 0, order, plan);
    Edge right = Broadcasting.operand(node, 1, order, plan);
    Optional<Sum> sum = plan.arithmetic().sum(node);
    if (sum.isEmpty()) {
      lower(node, plan, left, right, plan.arithmetic().stagedSum(node));
      return;
    }
    Edge output = plan.declare(node.output(), order, left.channels());
    plan.add(new Stage.OfAdd(plan.layer(node.name()), left, right, output, sum.get()));
  }

  /** No form in one: products, their sum and its requantization, a unit each. */
  private static void lower(Node node, PlanBuilder plan, Edge left, Edge right, StagedSum staged) {
    Edge leftProduct = product(node, "left", plan, left, staged.left());
    Edge rightProduct = product(node, "right", plan, right, staged.right());
    Edge sum =
        plan.intermediate(node.output(), left.order(), staged.sumRange().type(), left.channels());
    plan.add(
        new Stage.OfAdd(
            plan.layer(node.name() + ".sum"), leftProduct, rightProduct, sum, staged.sum()));
    Edge output = plan.declare(node.output(), left.order(), left.channels());
    plan.add(new Stage.OfMap(plan.layer(node.name()), sum, output, 1, 1, staged.output()));
  }

  private static Edge product(
      Node node, String side, PlanBuilder plan, Edge operand, Optional<StagedSum.Product> product) {
    if (product.isEmpty()) {
      return operand;
    }
    Edge result =
        plan.intermediate(
            node.output(), operand.order(), product.get().range().type(), operand.channels());
    String layer = plan.layer(node.name() + "." + side);
    plan.add(new Stage.OfMap(layer, operand, result, 1, 1, product.get().requantizer()));
    return result;
  }
}
