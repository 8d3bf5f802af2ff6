// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize.integer;

import dev.etch.graph.Node;
import dev.etch.graph.PlacesAsChannels;
import dev.etch.graph.Value;
import dev.etch.op.Layout;
import dev.etch.op.requantization.Average;
import dev.etch.op.requantization.Requantization;
import java.util.List;
import java.util.Optional;

/**
 * {@code sums * inputScale / count}, with another count at each place of the map: average pooling
 * over the edge. Each place has a staircase of its own, see {@link PlacesAsChannels}.
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
    if (!PlacesAsChannels.canRequantize(sums)) {
      return Optional.empty();
    }
    List<Requantization> staircases =
        counts.stream().<Requantization>map(count -> average(count, target)).toList();
    PlacesAsChannels places =
        new PlacesAsChannels(staircases, layout, target.quantization().type());
    return Optional.of(
        places.requantize(sums, (op, operand) -> rewrite.emit(target.node(), op, operand)));
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
