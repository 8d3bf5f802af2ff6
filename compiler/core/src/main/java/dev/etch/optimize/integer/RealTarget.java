// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize.integer;

import dev.etch.graph.Node;
import dev.etch.op.RealQuantize;
import dev.etch.op.requantization.RealQuantizer;
import dev.etch.op.requantization.RealStep;
import dev.etch.op.requantization.RealSteps;
import dev.etch.op.requantization.Requantization;
import dev.etch.op.requantization.Steps;
import dev.etch.tensor.IntegerType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What still happens to a float value until it is integers: float32 operations with constants, then
 * a quantizer. The staircase of the layer in front is exactly this arithmetic.
 *
 * @param node the quantizing node, or the one that stands in for it; new nodes take its name
 * @param steps first to last
 * @param quantizers one for the tensor or one a channel
 * @param quantizerAxis meaningless with one quantizer
 * @param output type of the integers
 */
record RealTarget(
    Node node,
    List<ChannelSteps> steps,
    List<RealQuantizer> quantizers,
    int quantizerAxis,
    IntegerType output) {

  /**
   * One operation.
   *
   * @param steps one for the tensor or one a channel
   * @param axis meaningless with one step
   */
  record ChannelSteps(List<? extends RealStep> steps, int axis) {
    boolean isPerTensor() {
      return steps.size() == 1;
    }

    RealStep of(int channel) {
      return steps.get(isPerTensor() ? 0 : channel);
    }
  }

  static RealTarget of(Node node, RealQuantize op) {
    return new RealTarget(node, List.of(), op.channels(), op.channelAxis(), op.output());
  }

  /** ONNX QuantizeLinear with the clamps of the activations on the way. */
  static RealTarget of(Target target) {
    RealQuantizer quantizer =
        new RealQuantizer.Linear(target.scale(), target.zeroPoint(), target.low(), target.high());
    return new RealTarget(
        target.node(), List.of(), List.of(quantizer), 0, target.quantization().type());
  }

  /** This target with an operation before all others. */
  RealTarget after(ChannelSteps first) {
    List<ChannelSteps> all = new ArrayList<>();
    all.add(first);
    all.addAll(steps);
    return new RealTarget(node, all, quantizers, quantizerAxis, output);
  }

  /** This target with one operation for the whole tensor before all others. */
  RealTarget after(RealStep first) {
    return after(new ChannelSteps(List.of(first), 0));
  }

  /** Whether all channels have the same arithmetic. */
  boolean isPerTensor() {
    return quantizers.size() == 1 && steps.stream().allMatch(ChannelSteps::isPerTensor);
  }

  /** Whether everything that differs between channels does so along {@code axis}. */
  boolean runsAlong(int axis) {
    return (quantizers.size() == 1 || quantizerAxis == axis)
        && steps.stream().allMatch(s -> s.isPerTensor() || s.axis() == axis);
  }

  /** The axis of the channels; empty if there are none, or two axes. */
  Optional<Integer> axis() {
    if (isPerTensor()) {
      return Optional.empty();
    }
    int axis =
        quantizers.size() > 1
            ? quantizerAxis
            : steps.stream().filter(s -> !s.isPerTensor()).findFirst().orElseThrow().axis();
    return runsAlong(axis) ? Optional.of(axis) : Optional.empty();
  }

  /** This target for a value whose channels lie along another axis. */
  RealTarget withAxis(int axis) {
    return new RealTarget(
        node,
        steps.stream().map(s -> new ChannelSteps(s.steps(), axis)).toList(),
        quantizers,
        axis,
        output);
  }

  /** This target for a value that has each channel several times. */
  RealTarget repeated(int times) {
    return new RealTarget(
        node,
        steps.stream().map(s -> new ChannelSteps(repeated(times, s.steps()), s.axis())).toList(),
        repeated(times, quantizers),
        quantizerAxis,
        output);
  }

  /** What belongs to the whole tensor stays one. */
  private static <T> List<T> repeated(int times, List<? extends T> channels) {
    List<T> all = new ArrayList<>();
    for (int i = 0; i < (channels.size() == 1 ? 1 : channels.size() * times); i++) {
      all.add(channels.get(channels.size() == 1 ? 0 : i / times));
    }
    return all;
  }

  /** Channels that have arithmetic of their own; 1 for the tensor. */
  int channels() {
    int most = quantizers.size();
    for (ChannelSteps step : steps) {
      most = Math.max(most, step.steps().size());
    }
    return most;
  }

  /** Whether a channel's output shrinks as the value grows. */
  boolean isDescending(int channel) {
    return RealStep.direction(stepsOf(channel)) < 0;
  }

  /** Whether no channel's output shrinks as the value grows. */
  boolean isAscending() {
    for (int c = 0; c < channels(); c++) {
      if (isDescending(c)) {
        return false;
      }
    }
    return true;
  }

  /** The operations on one channel. */
  List<RealStep> stepsOf(int channel) {
    List<RealStep> all = new ArrayList<>();
    for (ChannelSteps step : steps) {
      all.add(step.of(channel));
    }
    return all;
  }

  RealQuantizer quantizer(int channel) {
    return quantizers.get(quantizers.size() == 1 ? 0 : channel);
  }

  /** One channel's staircase from integers that count {@code scale}. */
  Requantization staircase(int channel, boolean negated, int zeroPoint, float scale) {
    RealQuantizer quantizer = quantizer(channel);
    RealSteps steps =
        new RealSteps(
            negated,
            zeroPoint,
            scale,
            stepsOf(channel),
            quantizer,
            quantizer.low(),
            quantizer.high());
    return steps.steps().stream().anyMatch(RealStep.Curve.class::isInstance) ? edges(steps) : steps;
  }

  /** What a curve's rounding might make decrease is a staircase by its edges. */
  private static Requantization edges(RealSteps steps) {
    List<Long> edges = new ArrayList<>();
    long below = Integer.MIN_VALUE;
    for (int level = steps.low() + 1; level <= steps.high(); level++) {
      long reached = Integer.MAX_VALUE + 1L;
      while (below < reached) {
        long middle = Math.floorDiv(below + reached, 2);
        if (steps.apply(middle) >= level) {
          reached = middle;
        } else {
          below = middle + 1;
        }
      }
      edges.add(below);
    }
    return new Steps(steps.ratio(), steps.low(), edges, 0);
  }
}
