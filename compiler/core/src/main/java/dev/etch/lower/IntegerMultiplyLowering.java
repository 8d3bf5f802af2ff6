// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.hardware.FrameOrder;
import dev.etch.hardware.requantizer.Offset;
import dev.etch.hardware.requantizer.Requantizer;
import dev.etch.op.IntegerMultiply;
import dev.etch.op.Requantize;
import java.util.List;
import java.util.Optional;

/** Product of two streams in the same order, with the requantization behind it. */
final class IntegerMultiplyLowering implements OperatorLowering {
  @Override
  public void lower(Node node, PlanBuilder plan) {
    IntegerMultiply op = (IntegerMultiply) node.op();
    Value raw = node.output();
    Optional<Node> requantize =
        plan.takeRequantize(raw, next -> ((Requantize) next.op()).channels().size() == 1);
    Value result = requantize.map(Node::output).orElse(raw);
    Requantizer requantizer =
        requantize.map(plan.arithmetic()::requantizer).orElseGet(() -> new Offset(List.of(0L)));
    FrameOrder order = Broadcasting.order(node, plan);
    Edge left = Broadcasting.operand(node, 0, order, plan);
    Edge right = Broadcasting.operand(node, 1, order, plan);
    Edge output = plan.declare(result, order, left.channels());
    plan.add(
        new Stage.OfMultiply(
            plan.layer(node.name()),
            left,
            right,
            output,
            op.leftZeroPoint(),
            op.rightZeroPoint(),
            requantizer));
  }
}
