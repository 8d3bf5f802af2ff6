// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.graph.Node;
import dev.etch.hardware.FrameOrder;
import dev.etch.op.Transpose;
import dev.etch.tensor.Shape;

/** New row-major numbers for the same stream of elements: no hardware. */
final class TransposeLowering implements OperatorLowering {
  @Override
  public void lower(Node node, PlanBuilder plan) {
    Transpose op = (Transpose) node.op();
    PlanBuilder.View view = plan.view(node.inputs().get(0));
    Shape from = node.inputs().get(0).type().shape();
    int[] oldStrides = from.strides();
    int[] newStrides = node.output().type().shape().strides();
    int[] indexes = view.order().indexes().clone();
    for (int p = 0; p < indexes.length; p++) {
      int moved = 0;
      for (int axis = 0; axis < newStrides.length; axis++) {
        int oldAxis = op.permutation().get(axis);
        int coordinate = indexes[p] / oldStrides[oldAxis] % from.dimension(oldAxis);
        moved += coordinate * newStrides[axis];
      }
      indexes[p] = moved;
    }
    plan.alias(node.output(), new PlanBuilder.View(view.edge(), new FrameOrder(indexes)));
  }
}
