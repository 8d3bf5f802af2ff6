// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize.integer;

import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.Layout;
import dev.etch.op.Requantize;
import dev.etch.op.Reshape;
import dev.etch.op.Transpose;
import dev.etch.op.requantization.Average;
import dev.etch.op.requantization.Requantization;
import dev.etch.tensor.Shape;
import java.util.List;
import java.util.Optional;

/**
 * {@code sums * inputScale / count}, with another count at each place of the map: average pooling
 * over the edge. Each place has a staircase of its own, so that places become the channels of the
 * requantization.
 *
 * @param sums int32 sums of the new graph, zero point subtracted
 * @param inputScale of the operand
 * @param counts elements of each sum, row by row
 * @param layout of the sums
 */
record AveragedPlaces(Value sums, float inputScale, List<Integer> counts, Layout layout)
    implements FloatForm {
  @Override
  public Optional<Value> quantize(Rewrite rewrite, Target target) {
    Shape shape = sums.type().shape();
    if (shape.dimension(0) != 1) {
      return Optional.empty();
    }
    List<Requantization> staircases =
        counts.stream().<Requantization>map(count -> average(count, target)).toList();
    int channels = shape.dimension(layout.channelAxis());
    int places = counts.size();
    Node node = target.node();
    Value flat =
        layout == Layout.NHWC
            ? rewrite.emit(node, new Reshape(List.of(places, channels)), sums)
            : rewrite.emit(
                node,
                new Transpose(List.of(1, 0)),
                rewrite.emit(node, new Reshape(List.of(channels, places)), sums));
    Value means =
        rewrite.emit(node, new Requantize(staircases, 0, target.quantization().type()), flat);
    Value ordered =
        layout == Layout.NHWC ? means : rewrite.emit(node, new Transpose(List.of(1, 0)), means);
    return Optional.of(rewrite.emit(node, new Reshape(shape.dimensions()), ordered));
  }

  private Requantization average(int count, Target target) {
    if (target.isInFloat()) {
      return target.floatMean(inputScale, count);
    }
    return new Average(
        inputScale,
        count,
        target.scale(),
        target.zeroPoint(),
        target.low(),
        target.high(),
        target.move(target.quantization().type()));
  }

  /** QONNX's quantizers after float arithmetic on such a mean are not supported. */
  @Override
  public Optional<Value> quantize(Rewrite rewrite, RealTarget target) {
    return Optional.empty();
  }

  @Override
  public Value materialize(Rewrite rewrite, Node node) {
    return rewrite.emitFloat(node);
  }
}
