// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.hardware.WindowUnit.Operation;
import dev.etch.lower.WindowLayer.Tap;
import dev.etch.op.IntegerConv2d;
import dev.etch.op.Window;
import dev.etch.tensor.IntegerTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Convolution, grouped and depthwise too: each output's taps are its nonzero weights, or all if
 * they are loaded.
 */
final class IntegerConv2dLowering implements OperatorLowering {
  @Override
  public void validate(Node node, Graph graph, DiagnosticCollector diagnostics) {
    OperatorLowering.requireSingleFrame(node, diagnostics);
    OperatorLowering.requireConstant(node, 1, "weights", graph, diagnostics);
    OperatorLowering.requireConstant(node, 2, "biases", graph, diagnostics);
  }

  @Override
  public void lower(Node node, PlanBuilder plan) {
    IntegerConv2d op = (IntegerConv2d) node.op();
    SpatialStage stage = SpatialStage.ofOperand(node, plan, op.layout(), op.window());
    IntegerTensor weights = plan.constant(node, 1);
    Optional<LoadableWeights> loaded = plan.loaded(weights);
    stage.addAccumulating(
        "conv",
        Operation.MULTIPLY_ACCUMULATE,
        op.inputZeroPoint(),
        taps(weights, op, loaded.isPresent()),
        loaded);
  }

  private static List<List<Tap>> taps(IntegerTensor weights, IntegerConv2d op, boolean withZeros) {
    int outputs = weights.shape().dimension(0);
    int perGroup = weights.shape().dimension(1);
    List<List<Tap>> taps = new ArrayList<>();
    for (int o = 0; o < outputs; o++) {
      int firstChannel = o / (outputs / op.groups()) * perGroup;
      taps.add(ofOutput(weights, o, firstChannel, op.window(), withZeros));
    }
    return taps;
  }

  private static List<Tap> ofOutput(
      IntegerTensor weights, int output, int firstChannel, Window window, boolean withZeros) {
    int perGroup = weights.shape().dimension(1);
    List<Tap> taps = new ArrayList<>();
    int at = output * perGroup * window.kernelHeight() * window.kernelWidth();
    for (int channel = 0; channel < perGroup; channel++) {
      for (int row = 0; row < window.kernelHeight(); row++) {
        for (int column = 0; column < window.kernelWidth(); column++, at++) {
          int weight = weights.data()[at];
          if (weight != 0 || withZeros) {
            taps.add(
                new Tap(
                    row * window.dilationHeight(),
                    column * window.dilationWidth(),
                    firstChannel + channel,
                    weight));
          }
        }
      }
    }
    return taps;
  }
}
