// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize.integer;

import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.AveragePool2d;
import dev.etch.op.IntegerSumPool2d;
import dev.etch.tensor.Shape;
import java.util.List;
import java.util.Optional;

/**
 * The mean of quantized features is an exact sum, divided when it is quantized: at the border of a
 * map by fewer elements, if padding does not count.
 */
final class AveragePool2dToInteger implements IntegerRule {
  @Override
  public Optional<FloatForm> apply(Node node, Rewrite rewrite) {
    AveragePool2d op = (AveragePool2d) node.op();
    return rewrite.activation(node.inputs().get(0)).map(x -> averaged(node, op, x, rewrite));
  }

  private static FloatForm averaged(Node node, AveragePool2d op, Dequantized x, Rewrite rewrite) {
    Value sums =
        rewrite.emit(
            node,
            new IntegerSumPool2d(op.window(), op.layout(), x.quantization().zeroPoint(0)),
            x.integers());
    float scale = x.quantization().scale(0);
    if (op.window().isPadded() && !op.countPadding()) {
      Shape input = x.integers().type().shape();
      Shape result = sums.type().shape();
      List<Integer> counts =
          op.window()
              .elementsInside(
                  input.dimension(op.layout().heightAxis()),
                  input.dimension(op.layout().widthAxis()),
                  result.dimension(op.layout().heightAxis()),
                  result.dimension(op.layout().widthAxis()));
      return new AveragedPlaces(sums, scale, counts, op.layout());
    }
    return new Averaged(
        sums,
        scale,
        op.window().kernelHeight() * op.window().kernelWidth(),
        op.layout().channelAxis(),
        op.global());
  }
}
