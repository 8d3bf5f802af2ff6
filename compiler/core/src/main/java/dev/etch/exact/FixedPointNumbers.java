// SPDX-License-Identifier: Apache-2.0
package dev.etch.exact;

import static dev.etch.hardware.requantizer.LoadedFixedPoint.FIRST_PLACES;

import dev.etch.hardware.arithmetic.Bits;
import dev.etch.hardware.requantizer.LoadedFixedPoint;
import dev.etch.hardware.requantizer.ScaleEnvelope;
import dev.etch.op.requantization.FixedPoint;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What {@link LoadedFixedPoint} takes of a layer: the definition's own numbers. */
final class FixedPointNumbers {
  /** Of products, and of multipliers of all channels at one shift. */
  private static final int MOST_BITS = 62;

  private final List<ChannelProblem> problems;
  private final List<FixedPoint> channels = new ArrayList<>();

  private FixedPointNumbers(List<ChannelProblem> problems) {
    this.problems = problems;
    problems.forEach(problem -> channels.add((FixedPoint) problem.staircase()));
  }

  /** Those of a layer whose channels are all defined so; empty for others. */
  static Optional<FixedPointNumbers> of(List<ChannelProblem> problems) {
    return problems.stream().map(ChannelProblem::staircase).allMatch(FixedPoint.class::isInstance)
        ? Optional.of(new FixedPointNumbers(problems))
        : Optional.empty();
  }

  /** The least that they need. */
  ScaleEnvelope envelope(int low, int high) {
    // At least one place, so that there is something to load.
    int most = Math.max(1, channels.stream().mapToInt(FixedPointNumbers::places).max().orElse(1));
    int bits =
        channels.stream()
            .mapToInt(channel -> bits(multiplier(channel)) + most - places(channel))
            .max()
            .orElseThrow();
    return new ScaleEnvelope(
        FIRST_PLACES + most,
        ScaleEnvelope.digits(bits),
        Bits.signed(biases().stream().mapToLong(bias -> bias).toArray()),
        low,
        high);
  }

  /** The form; empty if products or multipliers are too long, or a multiplier is 0. */
  Optional<LoadedFixedPoint> within(ScaleEnvelope envelope) {
    List<Long> multipliers = channels.stream().map(FixedPointNumbers::multiplier).toList();
    int zeroPoint = channels.get(0).zeroPoint();
    boolean alike = channels.stream().allMatch(channel -> channel.zeroPoint() == zeroPoint);
    int most = multipliers.stream().mapToInt(FixedPointNumbers::bits).max().orElseThrow();
    boolean fits =
        operandBits(envelope) + most <= MOST_BITS && envelope.multiplierBits() <= MOST_BITS;
    if (!alike || !fits || multipliers.contains(0L)) {
      return Optional.empty();
    }
    List<Integer> places = channels.stream().map(FixedPointNumbers::places).toList();
    return Optional.of(
        new LoadedFixedPoint(
            RequantizerFitter.shared(biases()),
            RequantizerFitter.shared(multipliers),
            RequantizerFitter.shared(places),
            zeroPoint,
            envelope));
  }

  private int operandBits(ScaleEnvelope envelope) {
    BigInteger bias = BigInteger.ONE.shiftLeft(envelope.biasBits() - 1);
    int bits = 1;
    for (ChannelProblem problem : problems) {
      BigInteger low = BigInteger.valueOf(problem.raw().low()).subtract(bias);
      BigInteger high = BigInteger.valueOf(problem.raw().high()).add(bias);
      bits = Math.max(bits, Bits.signed(low, high));
    }
    return bits;
  }

  private List<Long> biases() {
    List<Long> biases = new ArrayList<>();
    for (int i = 0; i < channels.size(); i++) {
      biases.add(problems.get(i).constant() - channels.get(i).inputZeroPoint());
    }
    return biases;
  }

  /** With its shift to the left, if it has one. */
  private static long multiplier(FixedPoint channel) {
    return (long) channel.multiplier().multiplier() << Math.max(0, channel.multiplier().shift());
  }

  private static int bits(long multiplier) {
    return Long.SIZE - Long.numberOfLeadingZeros(multiplier);
  }

  /** Of the second rounding. */
  private static int places(FixedPoint channel) {
    return Math.max(0, -channel.multiplier().shift());
  }
}
