// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize.integer;

import dev.etch.diagnostic.DiagnosticException;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.Dequantize;
import dev.etch.op.Linear;
import dev.etch.op.Quantization;
import dev.etch.op.RealStep;
import dev.etch.op.Requantization;
import dev.etch.op.Requantization.ScaleThenRound;
import dev.etch.op.Requantize;
import dev.etch.tensor.IntegerType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * {@code sums * scale}: what convolutions and dense layers give.
 *
 * @param layer that gives the sums, int32 accumulators of the new graph
 * @param scales one for the tensor or one a channel: input scale * weight scale in float32
 * @param channelAxis axis of the channels
 */
record Accumulated(Layer layer, List<Float> scales, int channelAxis) implements FloatForm {

  /** Keeps one scale if all channels have the same. */
  static Accumulated of(Layer layer, List<Float> scales, int channelAxis) {
    boolean equal = scales.stream().distinct().count() == 1;
    return new Accumulated(layer, equal ? scales.subList(0, 1) : scales, channelAxis);
  }

  @Override
  public Optional<Value> quantize(Rewrite rewrite, Target target) {
    List<Requantization> channels =
        scales.stream()
            .map(
                scale ->
                    (Requantization)
                        new ScaleThenRound(
                            scale / target.scale(),
                            target.zeroPoint(),
                            target.low(),
                            target.high()))
            .toList();
    return Optional.of(
        rewrite.emit(
            target.node(),
            new Requantize(
                channels, channels.size() == 1 ? 0 : channelAxis, target.quantization().type()),
            layer.sums(rewrite)));
  }

  /** Channels whose output shrinks as their sum grows get negated weights. */
  @Override
  public Optional<Value> quantize(Rewrite rewrite, RealTarget target) {
    if (!target.runsAlong(channelAxis)) {
      return Optional.empty();
    }
    int channels = Math.max(scales.size(), target.channels());
    List<Requantization> staircases = new ArrayList<>();
    for (int c = 0; c < channels; c++) {
      float scale = scales.get(scales.size() == 1 ? 0 : c);
      staircases.add(target.staircase(c, target.isDescending(c), 0, scale));
    }
    Value operand =
        target.isAscending()
            ? layer.sums(rewrite)
            : layer.negated(rewrite, channel -> target.isDescending(channels == 1 ? 0 : channel));
    return Optional.of(
        rewrite.emit(
            target.node(),
            new Requantize(staircases, channels == 1 ? 0 : channelAxis, target.output()),
            operand));
  }

  /** The scale, then a float bias: what ONNX Runtime's integer kernels do behind their sums. */
  @Override
  public Value materialize(Rewrite rewrite, Node node) {
    Quantization quantization =
        new Quantization(
            IntegerType.INT32,
            scales,
            Collections.nCopies(scales.size(), 0),
            scales.size() == 1 ? 0 : channelAxis);
    Value scaled =
        rewrite.emit(node, new Dequantize(quantization), layer.sumsWithoutFloatBias(rewrite));
    return layer
        .floatBias()
        .map(bias -> rewrite.emit(node, biased(node, bias), scaled))
        .orElse(scaled);
  }

  private Linear biased(Node node, float[] bias) {
    List<RealStep.Linear> channels = new ArrayList<>();
    for (float addend : bias) {
      if (!Float.isFinite(addend)) {
        throw new DiagnosticException(
            node.location(), "the bias has an element that is " + addend, "use finite numbers");
      }
      channels.add(new RealStep.Linear(1, 1, addend));
    }
    return channels.size() == 1 ? new Linear(channels, 0) : new Linear(channels, channelAxis);
  }
}
