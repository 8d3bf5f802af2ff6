// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.hardware.FrameOrder;
import dev.etch.op.Concat;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Joins streams pixel by pixel if the joined axis is innermost in all of them, else frame by frame.
 * Either way the result's order says where each element ends up.
 */
final class ConcatLowering implements OperatorLowering {
  @Override
  public void lower(Node node, PlanBuilder plan) {
    Concat op = (Concat) node.op();
    Shape result = node.output().type().shape();
    int axis = op.axis() < 0 ? op.axis() + result.rank() : op.axis();
    List<PlanBuilder.View> views = node.inputs().stream().map(plan::view).toList();
    if (views.size() == 1) {
      plan.alias(node.output(), views.get(0));
      return;
    }
    int turns = turns(node, axis, views);
    List<Integer> perTurn = views.stream().map(v -> v.order().size() / turns).toList();
    FrameOrder order = joined(node, axis, views, turns);
    int channels = perTurn.stream().mapToInt(Integer::intValue).sum();
    Edge output = plan.declare(node.output(), order, channels, (IntegerType) result(node));
    plan.add(
        new Stage.OfConcat(
            plan.layer(node.name()),
            views.stream().map(PlanBuilder.View::edge).toList(),
            output,
            perTurn));
  }

  private static Object result(Node node) {
    return node.output().type().element();
  }

  private static int turns(Node node, int axis, List<PlanBuilder.View> views) {
    int turns = 0;
    for (int i = 0; i < views.size(); i++) {
      Shape shape = node.inputs().get(i).type().shape();
      if (!Orders.runsAlong(views.get(i).order(), shape, axis)) {
        return 1;
      }
      turns = shape.elements() / shape.dimension(axis);
    }
    return turns;
  }

  private static FrameOrder joined(Node node, int axis, List<PlanBuilder.View> views, int turns) {
    Shape result = node.output().type().shape();
    int inner = result.strides()[axis];
    int outerStride = inner * result.dimension(axis);
    List<int[]> places = new ArrayList<>();
    int before = 0;
    for (int i = 0; i < views.size(); i++) {
      Value part = node.inputs().get(i);
      int extent = part.type().shape().dimension(axis);
      int[] place = views.get(i).order().indexes().clone();
      for (int p = 0; p < place.length; p++) {
        int outer = place[p] / (inner * extent);
        place[p] = outer * outerStride + before * inner + place[p] % (inner * extent);
      }
      places.add(place);
      before += extent;
    }
    int[] indexes = new int[result.elements()];
    int p = 0;
    for (int turn = 0; turn < turns; turn++) {
      for (int[] place : places) {
        int length = place.length / turns;
        System.arraycopy(place, turn * length, indexes, p, length);
        p += length;
      }
    }
    return new FrameOrder(indexes);
  }
}
