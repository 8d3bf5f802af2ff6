// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.hardware.FrameOrder;
import dev.etch.hardware.requantizer.Requantizer;
import dev.etch.tensor.Shape;

/** What operators share that compute each element of one operand on its own. */
final class ElementWise {
  private ElementWise() {}

  /**
   * Adds a map stage for a node with one operand and one result of equal shape.
   *
   * @param channels how many channels are treated differently; 1 if all are alike
   * @param axis of the channels; meaningless with one
   */
  static void add(Node node, PlanBuilder plan, int channels, int axis, Requantizer requantizer) {
    Value operand = node.inputs().get(0);
    PlanBuilder.View view = plan.view(operand);
    Edge input = view.edge();
    FrameOrder order = view.order();
    int run = 1;
    if (channels > 1) {
      Shape shape = operand.type().shape();
      run = run(order, shape, axis);
      if (run == 0) {
        order = Orders.axisInnermost(shape, axis);
        input = plan.inOrder(node, operand, order, channels);
        run = 1;
      }
    }
    Edge output = plan.declare(node.output(), order, input.channels());
    plan.add(new Stage.OfMap(plan.layer(node.name()), input, output, channels, run, requantizer));
  }

  /**
   * How many neighbouring elements of the stream have the same place on the axis, if the places
   * follow one another from 0 on, over and over; else 0.
   */
  private static int run(FrameOrder order, Shape shape, int axis) {
    int at = axis < 0 ? axis + shape.rank() : axis;
    int stride = shape.strides()[at];
    int extent = shape.dimension(at);
    int[] indexes = order.indexes();
    int run = 0;
    while (run < indexes.length && indexes[run] / stride % extent == 0) {
      run++;
    }
    for (int p = 0; p < indexes.length; p++) {
      if (run == 0 || indexes[p] / stride % extent != p / run % extent) {
        return 0;
      }
    }
    return run;
  }
}
