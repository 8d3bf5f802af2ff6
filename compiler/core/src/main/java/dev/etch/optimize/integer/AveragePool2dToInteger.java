// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize.integer;

import dev.etch.graph.Node;
import dev.etch.op.AveragePool2d;
import dev.etch.op.IntegerSumPool2d;
import java.util.Optional;

/** The mean of quantized features is an exact sum, divided when it is quantized. */
final class AveragePool2dToInteger implements IntegerRule {
  @Override
  public Optional<FloatForm> apply(Node node, Rewrite rewrite) {
    AveragePool2d op = (AveragePool2d) node.op();
    if (op.window().isPadded() && !op.countPadding()) {
      rewrite
          .diagnostics()
          .error(
              node.location(),
              "the average at the border divides by fewer elements than inside",
              "count the padding (count_include_pad = 1), or do not pad");
      return Optional.empty();
    }
    return rewrite
        .activation(node.inputs().get(0))
        .map(
            x ->
                new Averaged(
                    rewrite.emit(
                        node,
                        new IntegerSumPool2d(
                            op.window(), op.layout(), x.quantization().zeroPoint(0)),
                        x.integers()),
                    x.quantization().scale(0),
                    op.window().kernelHeight() * op.window().kernelWidth(),
                    op.layout().channelAxis(),
                    op.global()));
  }
}
