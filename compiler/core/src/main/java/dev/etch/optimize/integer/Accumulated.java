// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize.integer;

import dev.etch.diagnostic.DiagnosticException;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.Dequantize;
import dev.etch.op.Linear;
import dev.etch.op.Quantization;
import dev.etch.op.Requantize;
import dev.etch.op.requantization.ExactAccumulation;
import dev.etch.op.requantization.FloatAccumulation;
import dev.etch.op.requantization.RealStep;
import dev.etch.op.requantization.Requantization;
import dev.etch.op.requantization.ScaleThenRound;
import dev.etch.optimize.integer.RealTarget.ChannelSteps;
import dev.etch.tensor.IntegerType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * {@code sums * scale}: what convolutions and dense layers give.
 *
 * @param layer that gives the sums, int32 accumulators of the new graph
 * @param scales one for the tensor or one a channel: input scale * weight scale in float32
 * @param inputScale the input's scale
 * @param weightScales as many as scales
 * @param channelAxis axis of the channels
 */
record Accumulated(
    Layer layer, List<Float> scales, float inputScale, List<Float> weightScales, int channelAxis)
    implements FloatForm {

  /** Keeps one scale if all channels have the same. */
  static Accumulated of(Layer layer, LayerWeights weights, int channelAxis) {
    int kept =
        weights.weightScales().stream().distinct().count() == 1 ? 1 : weights.scales().size();
    return new Accumulated(
        layer,
        weights.scales().subList(0, kept),
        weights.inputScale(),
        weights.weightScales().subList(0, kept),
        channelAxis);
  }

  @Override
  public Optional<Value> quantize(Rewrite rewrite, Target target) {
    boolean isInFloat = target.isInFloat() || layer.unroundedBias().isPresent();
    List<Requantization> channels = isInFloat ? inFloat(target) : requantized(target);
    return Optional.of(
        rewrite.emit(
            target.node(),
            new Requantize(
                channels, channels.size() == 1 ? 0 : channelAxis, target.quantization().type()),
            layer.sums(rewrite)));
  }

  private List<Requantization> requantized(Target target) {
    return scales.stream()
        .<Requantization>map(
            scale ->
                new ScaleThenRound(
                    scale / target.scale(), target.zeroPoint(), target.low(), target.high()))
        .toList();
  }

  /** ONNX Runtime has no integer kernel for this layer. */
  private List<Requantization> inFloat(Target target) {
    List<FloatAccumulation> channels =
        inFloat(target.scale(), target.zeroPoint(), target.low(), target.high());
    return target.isFine() ? ExactAccumulation.of(channels) : List.copyOf(channels);
  }

  private List<FloatAccumulation> inFloat(float scale, int zeroPoint, int low, int high) {
    float[] bias = layer.unroundedBias().orElse(new float[] {0});
    List<FloatAccumulation> channels = new ArrayList<>();
    for (int c = 0; c < Math.max(scales.size(), bias.length); c++) {
      channels.add(
          new FloatAccumulation(
              inputScale,
              weightScales.get(scales.size() == 1 ? 0 : c),
              bias[bias.length == 1 ? 0 : c],
              1,
              scale,
              zeroPoint,
              low,
              high));
    }
    return channels;
  }

  /** The result in so fine a scale that its rounding does not matter, as signed integers. */
  Value fine(Rewrite rewrite, Node node, float scale, int bits) {
    int limit = 1 << bits;
    List<Requantization> channels = ExactAccumulation.of(inFloat(scale, 0, -limit, limit - 1));
    Requantize requantize =
        new Requantize(
            channels, channels.size() == 1 ? 0 : channelAxis, new IntegerType(bits + 1, true));
    return rewrite.emit(node, "fine", requantize, layer.sums(rewrite));
  }

  /** Channels whose output shrinks as their sum grows get negated weights. */
  @Override
  public Optional<Value> quantize(Rewrite rewrite, RealTarget behind) {
    RealTarget target = layer.unroundedBias().map(b -> behind.after(added(b))).orElse(behind);
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
    return materialize(rewrite, node, 1, UnaryOperator.identity());
  }

  /**
   * As {@link #materialize(Rewrite, Node)}, of sums that are moved first.
   *
   * @param phases how many channels next to each other become one, on the same axis
   */
  Value materialize(Rewrite rewrite, Node node, int phases, UnaryOperator<Value> move) {
    List<Float> kept =
        IntStream.range(0, scales.size())
            .filter(c -> c % phases == 0)
            .mapToObj(scales::get)
            .toList();
    Quantization quantization =
        new Quantization(
            IntegerType.INT32,
            kept,
            Collections.nCopies(kept.size(), 0),
            kept.size() == 1 ? 0 : channelAxis);
    Value sums = move.apply(layer.sumsWithoutFloatBias(rewrite));
    Value scaled = rewrite.emit(node, new Dequantize(quantization), sums);
    return layer
        .floatBias()
        .map(bias -> rewrite.emit(node, biased(node, bias, phases), scaled))
        .orElse(scaled);
  }

  private ChannelSteps added(float[] bias) {
    List<RealStep.Linear> channels = new ArrayList<>();
    for (float addend : bias) {
      channels.add(new RealStep.Linear(1, 1, addend));
    }
    return new ChannelSteps(channels, channels.size() == 1 ? 0 : channelAxis);
  }

  private Linear biased(Node node, float[] bias, int phases) {
    List<RealStep.Linear> channels = new ArrayList<>();
    for (int c = 0; c < bias.length; c += phases) {
      float addend = bias[c];
      if (!Float.isFinite(addend)) {
        throw new DiagnosticException(
            node.location(), "the bias has an element that is " + addend, "use finite numbers");
      }
      channels.add(new RealStep.Linear(1, 1, addend));
    }
    return channels.size() == 1 ? new Linear(channels, 0) : new Linear(channels, channelAxis);
  }
}
