// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.hardware.FrameOrder;
import dev.etch.hardware.WindowUnit.Operation;
import dev.etch.lower.WindowLayer.Frame;
import dev.etch.lower.WindowLayer.Tap;
import dev.etch.op.Window;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Dense layer: a window that covers one row of the matrix. If there is one row, which is the usual
 * case behind Flatten, its elements may travel in any order: the addresses follow it.
 */
final class IntegerDenseLowering implements OperatorLowering {
  @Override
  public void validate(Node node, Graph graph, DiagnosticCollector diagnostics) {
    OperatorLowering.requireConstant(node, 1, "weights", graph, diagnostics);
    OperatorLowering.requireConstant(node, 2, "biases", graph, diagnostics);
  }

  @Override
  public void lower(Node node, PlanBuilder plan) {
    IntegerTensor weights = plan.constant(node, 1);
    int outputs = weights.shape().dimension(0);
    int inputs = weights.shape().dimension(1);
    Value operand = node.inputs().get(0);
    int rows = operand.type().shape().elements() / inputs;
    FrameOrder order =
        rows == 1
            ? plan.view(operand).order()
            : FrameOrder.rowMajor(operand.type().shape().elements());
    final Edge input = plan.inOrder(node, operand, order, inputs);
    Value raw = node.output();
    Optional<Node> requantize = plan.takeRequantize(raw);
    Requantizers requantizers = plan.requantizers(raw, requantize);
    Value result = requantize.map(Node::output).orElse(raw);
    Edge output = plan.declare(result, FrameOrder.rowMajor(rows * outputs), outputs);
    Optional<LoadableWeights> loaded = plan.loaded(weights);
    int word =
        loaded.isPresent()
            ? WindowLayer.ONE_PRODUCT
            : PackedDense.word(weights, (IntegerType) operand.type().element());
    boolean packed = word > 1;
    List<List<Tap>> taps = taps(weights, order, loaded.isPresent());
    plan.add(
        new Stage.OfWindow(
            plan.layer(node.name()),
            packed ? "dot" : "dense",
            input,
            output,
            new WindowLayer(
                packed ? Operation.DOT : Operation.MULTIPLY_ACCUMULATE,
                new Frame(1, rows, inputs),
                Window.of(1, 1),
                0,
                packed ? PackedDense.words(taps, inputs, word) : taps,
                plan.arithmetic().accumulator(raw),
                requantizers,
                word,
                loaded,
                packed || loaded.isPresent() ? Optional.empty() : circulant(weights, order))));
  }

  private static Optional<Integer> circulant(IntegerTensor weights, FrameOrder order) {
    int inputs = weights.shape().dimension(1);
    int[] ordered = new int[weights.data().length];
    for (int i = 0; i < ordered.length; i++) {
      ordered[i] = weights.data()[i - i % inputs + order.indexes()[i % inputs]];
    }
    return new CirculantWeights(ordered, inputs).size();
  }

  private static List<List<Tap>> taps(IntegerTensor weights, FrameOrder order, boolean withZeros) {
    int outputs = weights.shape().dimension(0);
    int inputs = weights.shape().dimension(1);
    List<List<Tap>> taps = new ArrayList<>();
    for (int o = 0; o < outputs; o++) {
      List<Tap> ofOutput = new ArrayList<>();
      for (int p = 0; p < inputs; p++) {
        int weight = weights.data()[o * inputs + order.indexes()[p]];
        if (weight != 0 || withZeros) {
          ofOutput.add(new Tap(0, 0, p, weight));
        }
      }
      taps.add(ofOutput);
    }
    return taps;
  }
}
