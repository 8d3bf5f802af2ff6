// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import dev.etch.hardware.arithmetic.TieRule;
import java.util.List;
import java.util.Objects;

/**
 * Hardware form of a staircase, proved equal to the framework's definition on every accumulator
 * that can occur; {@link Table} also holds functions that are not monotone. Lists have one entry a
 * channel, or one entry for all channels.
 */
public sealed interface Requantizer
    permits Requantizer.Offset,
        Requantizer.Scale,
        Requantizer.Corrected,
        Requantizer.TwoPieceScale,
        Requantizer.BiasedScale,
        Requantizer.Thresholds,
        Requantizer.Table,
        CentredScale {

  /** The output for an accumulator (without bias) of a channel. */
  long apply(int channel, long accumulator);

  /** The same for {@code times} times as many channels: channel c as channel c modulo its own. */
  Requantizer repeated(int times);

  /** Multipliers that each element of a beat takes; the other forms are made of adders. */
  default int multipliersEach() {
    return 0;
  }

  /** {@code accumulator + offset}: raw sums, maximum pooling, copies. */
  record Offset(List<Long> offsets) implements Requantizer {
    public Offset {
      offsets = List.copyOf(offsets);
    }

    @Override
    public long apply(int channel, long accumulator) {
      return accumulator + PerChannel.of(offsets, channel);
    }

    @Override
    public Requantizer repeated(int times) {
      return new Offset(PerChannel.repeat(offsets, times));
    }
  }

  /**
   * {@code clamp((accumulator * multiplier + offset) >> shift, low, high)}; the offset carries
   * bias, rounding and output zero point. With a tie rule, a value whose {@code shift} low bits are
   * all zero stands for an exact tie that was rounded up, and one is subtracted if the result does
   * not have the wanted parity.
   */
  record Scale(
      List<Long> multipliers, List<Long> offsets, int shift, TieRule tieRule, int low, int high)
      implements Requantizer {
    public Scale {
      multipliers = List.copyOf(multipliers);
      offsets = List.copyOf(offsets);
      Objects.requireNonNull(tieRule);
      if (shift < 0 || shift > 62) {
        throw new IllegalArgumentException("shift " + shift);
      }
    }

    @Override
    public long apply(int channel, long accumulator) {
      long multiplier = PerChannel.of(multipliers, channel);
      long offset = PerChannel.of(offsets, channel);
      long result =
          tieRule == TieRule.NONE
              ? LongProduct.shifted(accumulator, multiplier, offset, shift)
              : tieRule.apply(accumulator * multiplier + offset, shift);
      return Math.max(low, Math.min(high, result));
    }

    @Override
    public Requantizer repeated(int times) {
      return new Scale(
          PerChannel.repeat(multipliers, times),
          PerChannel.repeat(offsets, times),
          shift,
          tieRule,
          low,
          high);
    }
  }

  /**
   * As {@link Scale}, with a few accumulators of each channel that half a step, {@code 2^(shift -
   * 1)}, is added to before the shift ({@code raised}) or subtracted from ({@code lowered}). The
   * float32 rounding of the framework's own product moves a value that is next to a tie across it;
   * no linear form follows that where it happens on both sides.
   *
   * @param raised accumulators, at most a few a channel; one list a channel, or one for all
   * @param lowered accumulators, likewise
   */
  record Corrected(
      List<Long> multipliers,
      List<Long> offsets,
      int shift,
      TieRule tieRule,
      int low,
      int high,
      List<List<Long>> raised,
      List<List<Long>> lowered)
      implements Requantizer {
    public Corrected {
      multipliers = List.copyOf(multipliers);
      offsets = List.copyOf(offsets);
      Objects.requireNonNull(tieRule);
      if (shift < 1 || shift > 62) {
        throw new IllegalArgumentException("shift " + shift);
      }
      raised = raised.stream().map(List::copyOf).toList();
      lowered = lowered.stream().map(List::copyOf).toList();
    }

    @Override
    public long apply(int channel, long accumulator) {
      long sum =
          accumulator * PerChannel.of(multipliers, channel) + PerChannel.of(offsets, channel);
      sum +=
          PerChannel.correction(
              PerChannel.of(raised, channel), PerChannel.of(lowered, channel), accumulator, shift);
      return Math.max(low, Math.min(high, tieRule.apply(sum, shift)));
    }

    @Override
    public Requantizer repeated(int times) {
      return new Corrected(
          PerChannel.repeat(multipliers, times),
          PerChannel.repeat(offsets, times),
          shift,
          tieRule,
          low,
          high,
          PerChannel.repeat(raised, times),
          PerChannel.repeat(lowered, times));
    }
  }

  /**
   * As {@link Scale} without a tie rule, and accumulators below the pivot have {@code below} added
   * to their offset. Roundings half away from zero are two such lines that meet where the result is
   * zero.
   *
   * @param pivots one a channel, or one for all
   * @param belows at most 0, so that the whole never decreases; likewise
   */
  record TwoPieceScale(
      List<Long> multipliers,
      List<Long> offsets,
      List<Long> pivots,
      List<Long> belows,
      int shift,
      int low,
      int high)
      implements Requantizer {
    public TwoPieceScale {
      multipliers = List.copyOf(multipliers);
      offsets = List.copyOf(offsets);
      pivots = List.copyOf(pivots);
      belows = List.copyOf(belows);
      if (shift < 0 || shift > 62) {
        throw new IllegalArgumentException("shift " + shift);
      }
      if (belows.stream().anyMatch(below -> below > 0)) {
        throw new IllegalArgumentException("a step down at a pivot: " + belows);
      }
    }

    @Override
    public long apply(int channel, long accumulator) {
      long offset = PerChannel.of(offsets, channel);
      if (accumulator < PerChannel.of(pivots, channel)) {
        offset += PerChannel.of(belows, channel);
      }
      long result =
          LongProduct.shifted(accumulator, PerChannel.of(multipliers, channel), offset, shift);
      return Math.max(low, Math.min(high, result));
    }

    @Override
    public Requantizer repeated(int times) {
      return new TwoPieceScale(
          PerChannel.repeat(multipliers, times),
          PerChannel.repeat(offsets, times),
          PerChannel.repeat(pivots, times),
          PerChannel.repeat(belows, times),
          shift,
          low,
          high);
    }
  }

  /**
   * {@code clamp(round((accumulator + bias) * multiplier / 2^shift), low, high)}, ties away from
   * zero: where the bias is in front of the product because behind it, it would be too wide. The
   * rounding adds half a step, and takes one unit off below zero.
   *
   * @param biases added to the accumulator; one a channel, or one for all
   * @param multipliers at least 0; likewise
   * @param shift from 1 to 62
   */
  record BiasedScale(List<Long> biases, List<Long> multipliers, int shift, int low, int high)
      implements Requantizer {
    public BiasedScale {
      biases = List.copyOf(biases);
      multipliers = List.copyOf(multipliers);
      if (shift < 1 || shift > 62) {
        throw new IllegalArgumentException("shift " + shift);
      }
    }

    @Override
    public long apply(int channel, long accumulator) {
      long operand = accumulator + PerChannel.of(biases, channel);
      long half = (1L << (shift - 1)) - (operand < 0 ? 1 : 0);
      long multiplier = PerChannel.of(multipliers, channel);
      return Math.max(low, Math.min(high, LongProduct.shifted(operand, multiplier, half, shift)));
    }

    @Override
    public Requantizer repeated(int times) {
      return new BiasedScale(
          PerChannel.repeat(biases, times),
          PerChannel.repeat(multipliers, times),
          shift,
          low,
          high);
    }
  }

  /** {@code low + (number of thresholds <= accumulator)}; ascending, one list a channel. */
  record Thresholds(List<List<Long>> thresholds, int low) implements Requantizer {
    public Thresholds {
      thresholds = thresholds.stream().map(List::copyOf).toList();
      thresholds.forEach(Thresholds::checkAscending);
    }

    /** By binary search: a staircase of 16 bits has tens of thousands of thresholds. */
    @Override
    public long apply(int channel, long accumulator) {
      List<Long> steps = PerChannel.of(thresholds, channel);
      int reached = 0;
      int beyond = steps.size();
      while (reached < beyond) {
        int middle = (reached + beyond) >>> 1;
        if (accumulator >= steps.get(middle)) {
          reached = middle + 1;
        } else {
          beyond = middle;
        }
      }
      return low + (long) reached;
    }

    private static void checkAscending(List<Long> steps) {
      for (int i = 1; i < steps.size(); i++) {
        if (steps.get(i) < steps.get(i - 1)) {
          throw new IllegalArgumentException("threshold " + steps.get(i) + " after a larger one");
        }
      }
    }

    @Override
    public Requantizer repeated(int times) {
      return new Thresholds(PerChannel.repeat(thresholds, times), low);
    }
  }

  /**
   * {@code table[operand - low]}: any function of an operand with few values, from a memory. Each
   * list has an entry for every value of the operand's type, the smallest first; their number is a
   * power of two.
   */
  record Table(List<List<Integer>> tables, int low) implements Requantizer {
    public Table {
      tables = tables.stream().map(List::copyOf).toList();
      int entries = tables.get(0).size();
      if (Integer.bitCount(entries) != 1 || tables.stream().anyMatch(t -> t.size() != entries)) {
        throw new IllegalArgumentException("one entry for each value of the operand's type");
      }
    }

    @Override
    public long apply(int channel, long operand) {
      return PerChannel.of(tables, channel).get(Math.toIntExact(operand - low));
    }

    @Override
    public Requantizer repeated(int times) {
      return new Table(PerChannel.repeat(tables, times), low);
    }
  }
}
