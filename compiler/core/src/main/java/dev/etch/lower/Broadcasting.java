// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.hardware.FrameOrder;
import dev.etch.op.Broadcast;
import dev.etch.tensor.Shape;

/** Brings the operands of element-wise operators to one shape and one order. */
final class Broadcasting {
  private Broadcasting() {}

  /** Order of the result: that of the first operand that has its shape; row-major if none has. */
  static FrameOrder order(Node node, PlanBuilder plan) {
    Shape shape = node.output().type().shape();
    return node.inputs().stream()
        .filter(operand -> operand.type().shape().equals(shape))
        .findFirst()
        .map(operand -> plan.view(operand).order())
        .orElseGet(() -> FrameOrder.rowMajor(shape.elements()));
  }

  /** An operand in the result's shape, in {@code order}. */
  static Edge operand(Node node, int index, FrameOrder order, PlanBuilder plan) {
    Value operand = node.inputs().get(index);
    Shape shape = node.output().type().shape();
    if (operand.type().shape().equals(shape)) {
      return plan.inOrder(node, operand, order, plan.view(operand).edge().channels());
    }
    Broadcast broadcast = new Broadcast(operand.type().shape(), shape);
    PlanBuilder.View view = plan.view(operand);
    PlanBuilder.Copies copies =
        new PlanBuilder.Copies(view, operand.type().shape(), shape, broadcast::source);
    return plan.copies(node, copies, order, operand);
  }
}
