// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.hardware.FrameOrder;
import dev.etch.hardware.SoftmaxForm;
import dev.etch.op.Op;
import dev.etch.op.QuantizedSoftmax;
import dev.etch.op.TableSoftmax;
import dev.etch.tensor.Shape;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.ToIntFunction;

/**
 * Softmax of 8-bit integers; the operand travels with the normalized axis innermost.
 *
 * @param type of the operator
 * @param axis of an operator
 * @param form of an operator for lines of a length
 */
record SoftmaxLowering<T extends Op>(
    Class<T> type, ToIntFunction<T> axis, BiFunction<T, Integer, SoftmaxForm> form)
    implements OperatorLowering {

  /** ONNX Runtime's. */
  static OperatorLowering ofTables() {
    return new SoftmaxLowering<>(TableSoftmax.class, TableSoftmax::axis, SoftmaxLowering::quotient);
  }

  /** TFLite's, over the last axis. */
  static OperatorLowering ofFixedPoint() {
    return new SoftmaxLowering<>(
        QuantizedSoftmax.class,
        op -> -1,
        (op, elements) ->
            new SoftmaxForm.FixedPoint(
                op.exponentials(), op.output().bits(), (int) op.output().minimum()));
  }

  private static SoftmaxForm quotient(TableSoftmax op, int elements) {
    List<Float> exponentials = op.exponentials(elements);
    return new SoftmaxForm.Quotient(
        exponentials.stream().map(Float::floatToIntBits).toList(),
        exponentials.stream().map(e -> Float.floatToIntBits(e * op.steps())).toList(),
        op.zeroPoint(),
        (int) op.output().maximum());
  }

  @Override
  public void lower(Node node, PlanBuilder plan) {
    T op = type.cast(node.op());
    Value operand = node.inputs().get(0);
    Shape shape = operand.type().shape();
    int along = axis.applyAsInt(op);
    int extent = shape.dimension(along);
    FrameOrder order = plan.view(operand).order();
    if (!Orders.runsAlong(order, shape, along)) {
      order = Orders.axisInnermost(shape, along);
    }
    Edge input = plan.inOrder(node, operand, order, extent);
    Edge output = plan.declare(node.output(), order, extent);
    plan.add(
        new Stage.OfSoftmax(
            plan.layer(node.name()), input, output, extent, form.apply(op, extent)));
  }
}
