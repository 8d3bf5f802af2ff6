// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.hardware.FrameOrder;
import dev.etch.hardware.WindowUnit;
import dev.etch.lower.WindowLayer.Frame;
import dev.etch.lower.WindowLayer.Tap;
import dev.etch.op.BilinearResize2d;
import dev.etch.op.Requantize;
import dev.etch.op.Window;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One window over the whole frame, with the terms of every element of the result. */
final class BilinearResize2dLowering implements OperatorLowering {
  /** An entry of the schedule each. */
  private static final int MOST_TERMS = 1 << 18;

  @Override
  public void validate(Node node, Graph graph, DiagnosticCollector diagnostics) {
    OperatorLowering.requireSingleFrame(node, diagnostics);
    long terms = 4L * node.output().type().shape().elements();
    if (terms > MOST_TERMS) {
      diagnostics.error(
          node.location(),
          "mixes up to %,d pairs of an element and a weight in a frame".formatted(terms),
          "resize smaller maps, or to the nearest element");
    }
  }

  @Override
  public void lower(Node node, PlanBuilder plan) {
    BilinearResize2d op = (BilinearResize2d) node.op();
    Value operand = node.inputs().get(0);
    PlanBuilder.View view = plan.view(operand);
    Optional<Node> requantize =
        plan.takeRequantize(node.output(), next -> ((Requantize) next.op()).channels().size() == 1);
    Value result = requantize.map(Node::output).orElse(node.output());
    Shape from = operand.type().shape();
    FrameOrder order = Orders.rowsColumnsChannels(result.type().shape(), op.layout());
    int[] places = view.order().places();
    List<List<Tap>> outputs = new ArrayList<>();
    for (int index : order.indexes()) {
      outputs.add(
          op.terms(index, from).stream()
              .map(term -> new Tap(0, 0, places[term.index()], term.weight()))
              .toList());
    }
    int channels = result.type().shape().dimension(op.layout().channelAxis());
    IntegerType accumulator = plan.arithmetic().accumulator(node.output());
    Edge output = plan.declare(result, order, channels);
    plan.add(
        new Stage.OfWindow(
            plan.layer(node.name()),
            "resize",
            view.edge(),
            output,
            new WindowLayer(
                WindowUnit.Operation.MULTIPLY_ACCUMULATE,
                new Frame(1, 1, places.length),
                Window.of(1, 1),
                0,
                outputs,
                accumulator,
                plan.requantizers(node.output(), requantize),
                WindowLayer.ONE_PRODUCT,
                Optional.empty())));
  }
}
