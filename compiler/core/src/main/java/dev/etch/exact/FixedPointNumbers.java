// SPDX-License-Identifier: Apache-2.0
package dev.etch.exact;

import static dev.etch.hardware.requantizer.LoadedFixedPoint.FIRST_PLACES;
import static dev.etch.hardware.requantizer.LoadedFixedPoint.MOST_SHIFT;

import dev.etch.hardware.arithmetic.Bits;
import dev.etch.hardware.requantizer.LoadedFixedPoint;
import dev.etch.hardware.requantizer.ScaleEnvelope;
import dev.etch.op.requantization.DoubleProduct;
import dev.etch.op.requantization.FixedPoint;
import dev.etch.op.requantization.Requantization;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What {@link LoadedFixedPoint} takes of a layer: the definition's own numbers. */
final class FixedPointNumbers {
  /** Of a multiplier of all channels at one shift. */
  private static final int MOST_BITS = 62;

  /**
   * Of a multiplier that stands for a double: so many more than an accumulator has that products
   * are hardly ever on the other side of a tie; where one is, the proof tells.
   */
  private static final int DOUBLE_BITS = 48;

  /** So that it is still one where scales are smaller. */
  private static final int MOST_OWN_SHIFT = MOST_SHIFT - 2;

  /**
   * Of a second rounding. Scales that have more are so small, those of dead channels, that few bits
   * of their multipliers matter.
   */
  private static final int MOST_PLACES = 26;

  private final List<Channel> channels;

  /**
   * One channel.
   *
   * @param shift of the product
   * @param places of a second rounding
   */
  private record Channel(long bias, long multiplier, int shift, int places, int zeroPoint) {
    int bits() {
      return Long.SIZE - Long.numberOfLeadingZeros(multiplier);
    }
  }

  private FixedPointNumbers(List<Channel> channels) {
    this.channels = channels;
  }

  /** Those of a layer whose channels are all defined so; empty for others. */
  static Optional<FixedPointNumbers> of(List<ChannelProblem> problems) {
    List<Channel> channels = new ArrayList<>();
    for (ChannelProblem problem : problems) {
      channel(problem).ifPresent(channels::add);
    }
    return channels.size() == problems.size()
        ? Optional.of(new FixedPointNumbers(channels))
        : Optional.empty();
  }

  private static Optional<Channel> channel(ChannelProblem problem) {
    Requantization definition = problem.staircase();
    if (definition instanceof FixedPoint fixed) {
      int all = Math.max(0, -fixed.multiplier().shift());
      int places = Math.min(MOST_PLACES, all);
      long multiplier =
          (long) fixed.multiplier().multiplier() << Math.max(0, fixed.multiplier().shift());
      multiplier = Math.max(1, multiplier >> all - places);
      long bias = problem.constant() - fixed.inputZeroPoint();
      return Optional.of(
          new Channel(bias, multiplier, FIRST_PLACES + places, places, fixed.zeroPoint()));
    }
    if (definition instanceof DoubleProduct product) {
      int shift = Math.min(MOST_OWN_SHIFT, DOUBLE_BITS - 1 - Math.getExponent(product.scale()));
      long multiplier = Math.round(Math.scalb(product.scale(), shift));
      long bias = problem.constant() + product.bias();
      return Optional.of(new Channel(bias, multiplier, shift, 0, product.zeroPoint()));
    }
    return Optional.empty();
  }

  /** The least that they need. */
  ScaleEnvelope envelope(int low, int high) {
    // At least one place, so that there is something to load.
    int shift =
        Math.max(FIRST_PLACES + 1, channels.stream().mapToInt(Channel::shift).max().orElseThrow());
    int bits = channels.stream().mapToInt(c -> c.bits() + shift - c.shift()).max().orElseThrow();
    return new ScaleEnvelope(
        shift,
        ScaleEnvelope.digits(bits),
        Bits.signed(channels.stream().mapToLong(Channel::bias).toArray()),
        low,
        high);
  }

  /** The form; empty if multipliers are too long, or one is 0. */
  Optional<LoadedFixedPoint> within(ScaleEnvelope envelope) {
    int zeroPoint = channels.get(0).zeroPoint();
    boolean alike = channels.stream().allMatch(c -> c.zeroPoint() == zeroPoint);
    boolean none = channels.stream().anyMatch(c -> c.multiplier() == 0);
    if (!alike || none || envelope.multiplierBits() > MOST_BITS || envelope.shift() > MOST_SHIFT) {
      return Optional.empty();
    }
    return Optional.of(
        new LoadedFixedPoint(
            RequantizerFitter.shared(channels.stream().map(Channel::bias).toList()),
            RequantizerFitter.shared(
                channels.stream()
                    .map(c -> c.multiplier() << envelope.shift() - c.shift())
                    .toList()),
            RequantizerFitter.shared(channels.stream().map(Channel::places).toList()),
            zeroPoint,
            envelope));
  }
}
