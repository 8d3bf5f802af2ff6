// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize.integer;

import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.Dequantize;
import dev.etch.op.Quantization;
import dev.etch.op.Requantize;
import dev.etch.op.requantization.Average;
import dev.etch.op.requantization.RealStep;
import dev.etch.op.requantization.Requantization;
import dev.etch.op.requantization.ScaleThenRound;
import dev.etch.tensor.IntegerType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code sums * inputScale / count}: average pooling.
 *
 * @param sums int32 sums of the new graph, zero point subtracted
 * @param inputScale of the operand
 * @param count elements of each sum
 * @param channelAxis axis of the channels
 * @param global whether the model says global pooling, which ONNX Runtime rounds otherwise
 */
record Averaged(Value sums, float inputScale, int count, int channelAxis, boolean global)
    implements FloatForm {
  @Override
  public Optional<Value> quantize(Rewrite rewrite, Target target) {
    return Optional.of(
        rewrite.emit(
            target.node(),
            new Requantize(List.of(staircase(target)), 0, target.quantization().type()),
            sums));
  }

  private Requantization staircase(Target target) {
    if (target.isInFloat()) {
      return target.floatMean(inputScale, count);
    }
    return global
        ? new ScaleThenRound(
            inputScale / (target.scale() * (float) count),
            target.zeroPoint(),
            target.low(),
            target.high())
        : new Average(
            inputScale,
            count,
            target.scale(),
            target.zeroPoint(),
            target.low(),
            target.high(),
            target.move(target.quantization().type()));
  }

  /** The mean is {@code sum * inputScale / count} in float32. */
  @Override
  public Optional<Value> quantize(Rewrite rewrite, RealTarget target) {
    if (!target.runsAlong(channelAxis) || !target.isAscending()) {
      return Optional.empty();
    }
    RealTarget whole = target.after(new RealStep.Linear(count, 1, 0));
    List<Requantization> staircases = new ArrayList<>();
    for (int c = 0; c < whole.channels(); c++) {
      staircases.add(whole.staircase(c, false, 0, inputScale));
    }
    int axis = staircases.size() == 1 ? 0 : channelAxis;
    return Optional.of(
        rewrite.emit(target.node(), new Requantize(staircases, axis, target.output()), sums));
  }

  @Override
  public Value materialize(Rewrite rewrite, Node node) {
    Quantization quantization = Quantization.perTensor(IntegerType.INT32, inputScale / count, 0);
    return rewrite.emit(node, new Dequantize(quantization), sums);
  }
}
