// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize.integer;

import dev.etch.graph.Node;
import dev.etch.op.IntegerSumPool2d;
import dev.etch.op.Linear;
import dev.etch.op.ReduceMean2d;
import dev.etch.op.Window;
import dev.etch.op.requantization.RealStep;
import java.util.List;
import java.util.Optional;

/** The mean of quantized features is an exact sum, divided in float32 when it is quantized. */
final class ReduceMean2dToInteger implements IntegerRule {
  @Override
  public Optional<FloatForm> apply(Node node, Rewrite rewrite) {
    ReduceMean2d op = (ReduceMean2d) node.op();
    Window window = op.window(node.inputs().get(0).type());
    int count = window.kernelHeight() * window.kernelWidth();
    Linear quotient = new Linear(List.of(new RealStep.Linear(count, 1, 0)), 0);
    return rewrite
        .activation(node.inputs().get(0))
        .map(
            x ->
                new Scaled(
                    node,
                    new Accumulated(
                        new Layer(
                            node,
                            new IntegerSumPool2d(
                                window, op.layout(), x.quantization().zeroPoint(0)),
                            List.of(x.integers()),
                            new LayerBias.None()),
                        List.of(x.quantization().scale(0)),
                        x.quantization().scale(0),
                        List.of(1f),
                        op.layout().channelAxis()),
                    quotient));
  }
}
