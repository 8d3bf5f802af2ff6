// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.requantizer;

import java.util.Collections;
import java.util.List;

/**
 * {@code clamp((limit((accumulator + bias) << exponent) * multiplier + rest) >> shift, low, high)}:
 * a scale for one narrow multiplier, with lists of one entry a channel. The bias moves what is not
 * clamped anyway to the middle of the limits, so that few bits of the accumulator are left; the
 * exponent lets channels of large scale have multipliers as short as the others.
 *
 * <p>With corrections as in {@link Corrected}: half a step is added for {@code raised} accumulators
 * and subtracted for {@code lowered} ones.
 *
 * @param biases added to the accumulator
 * @param exponents at least 0
 * @param multipliers at least 0
 * @param rests added to the product
 * @param operandBits signed bits that a biased accumulator is limited to: the nearest number of so
 *     many bits takes its place
 * @param shift from 1 to 62
 * @param raised accumulators, at most a few a channel
 * @param lowered accumulators, likewise
 */
public record CentredScale(
    List<Long> biases,
    List<Integer> exponents,
    List<Long> multipliers,
    List<Long> rests,
    int operandBits,
    int shift,
    int low,
    int high,
    List<List<Long>> raised,
    List<List<Long>> lowered)
    implements Requantizer {
  public CentredScale {
    biases = List.copyOf(biases);
    exponents = List.copyOf(exponents);
    multipliers = List.copyOf(multipliers);
    rests = List.copyOf(rests);
    raised = raised.stream().map(List::copyOf).toList();
    lowered = lowered.stream().map(List::copyOf).toList();
    if (shift < 1 || shift > 62) {
      throw new IllegalArgumentException("shift " + shift);
    }
    for (List<?> perChannel : List.of(exponents, multipliers, rests, raised, lowered)) {
      if (perChannel.size() != biases.size()) {
        throw new IllegalArgumentException("lists of different channels");
      }
    }
  }

  @Override
  public long apply(int channel, long accumulator) {
    int c = channel % biases.size();
    long operand = limited((accumulator + biases.get(c)) << exponents.get(c));
    long sum = operand * multipliers.get(c) + rests.get(c);
    sum += PerChannel.correction(raised.get(c), lowered.get(c), accumulator, shift);
    return Math.max(low, Math.min(high, sum >> shift));
  }

  private long limited(long number) {
    long beyond = 1L << (operandBits - 1);
    return Math.max(-beyond, Math.min(beyond - 1, number));
  }

  @Override
  public int multipliersEach() {
    return 1;
  }

  /** Signed bits of the widest multiplier. */
  public int multiplierBits() {
    return Long.SIZE - Long.numberOfLeadingZeros(Collections.max(multipliers)) + 1;
  }

  @Override
  public CentredScale repeated(int times) {
    return new CentredScale(
        PerChannel.repeat(biases, times),
        PerChannel.repeat(exponents, times),
        PerChannel.repeat(multipliers, times),
        PerChannel.repeat(rests, times),
        operandBits,
        shift,
        low,
        high,
        PerChannel.repeat(raised, times),
        PerChannel.repeat(lowered, times));
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.centredScale(this);
  }
}
