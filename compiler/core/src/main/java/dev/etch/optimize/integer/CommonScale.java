// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize.integer;

import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.Quantization;
import dev.etch.op.Requantize;
import dev.etch.op.requantization.DequantizeThenQuantize;
import dev.etch.op.requantization.Requantization;
import dev.etch.tensor.IntegerType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A scale of which several scales are whole multiples, so that integers of all of them can be
 * integers of one: scales of powers of two, and others that happen to have a common divisor.
 *
 * @param scale the largest such scale
 * @param factors one a scale: how many of it the scale is
 */
record CommonScale(float scale, List<Integer> factors) {
  /** What a layer takes. */
  private static final int MOST_BITS = 16;

  /** Exponents that are further apart make factors that no layer takes. */
  private static final int MOST_SHIFT = 32;

  CommonScale {
    factors = List.copyOf(factors);
  }

  /** The common scale; empty if a factor would be too large. */
  static Optional<CommonScale> of(List<Float> scales) {
    int least = scales.stream().mapToInt(CommonScale::exponent).min().orElseThrow();
    int most = scales.stream().mapToInt(CommonScale::exponent).max().orElseThrow();
    if (most - least > MOST_SHIFT) {
      return Optional.empty();
    }
    List<Long> multiples = new ArrayList<>();
    long divisor = 0;
    for (float scale : scales) {
      long multiple = (long) Math.scalb((double) scale, -least);
      multiples.add(multiple);
      divisor = greatestCommonDivisor(multiple, divisor);
    }
    List<Integer> factors = new ArrayList<>();
    for (long multiple : multiples) {
      if (multiple / divisor >= 1L << MOST_BITS) {
        return Optional.empty();
      }
      factors.add((int) (multiple / divisor));
    }
    return Optional.of(new CommonScale((float) Math.scalb((double) divisor, least), factors));
  }

  /** Of the last bit of the significand. */
  private static int exponent(float scale) {
    return Math.getExponent(Math.ulp(scale));
  }

  private static long greatestCommonDivisor(long a, long b) {
    return b == 0 ? a : greatestCommonDivisor(b, a % b);
  }

  /** The type of all integers of {@code quantizations} in this scale, without zero points. */
  Optional<IntegerType> type(List<Quantization> quantizations) {
    long low = 0;
    long high = 0;
    for (int i = 0; i < quantizations.size(); i++) {
      IntegerType stored = quantizations.get(i).type();
      long zero = quantizations.get(i).zeroPoint(0);
      low = Math.min(low, (stored.minimum() - zero) * factors.get(i));
      high = Math.max(high, (stored.maximum() - zero) * factors.get(i));
    }
    return Optional.of(IntegerType.holding(low, high)).filter(t -> t.bits() <= MOST_BITS);
  }

  /** The type of the sums of integers of two quantizations in this scale, without zero points. */
  Optional<IntegerType> sumType(Quantization a, Quantization b) {
    long low = 0;
    long high = 0;
    List<Quantization> both = List.of(a, b);
    for (int i = 0; i < both.size(); i++) {
      IntegerType stored = both.get(i).type();
      long zero = both.get(i).zeroPoint(0);
      low += (stored.minimum() - zero) * factors.get(i);
      high += (stored.maximum() - zero) * factors.get(i);
    }
    return Optional.of(IntegerType.holding(low, high)).filter(t -> t.bits() <= MOST_BITS);
  }

  /** Integers with a scale a channel as integers with this scale and no zero point. */
  static Optional<Dequantized> ofChannels(Dequantized operand, Node node, Rewrite rewrite) {
    Quantization old = operand.quantization();
    List<Quantization> channels = new ArrayList<>();
    for (int c = 0; c < old.scales().size(); c++) {
      channels.add(Quantization.perTensor(old.type(), old.scale(c), old.zeroPoint(c)));
    }
    return of(old.scales())
        .flatMap(
            common ->
                common
                    .type(channels)
                    .map(
                        type ->
                            new Dequantized(
                                common.multiplied(
                                    node, operand.integers(), channels, old.axis(), type, rewrite),
                                Quantization.perTensor(type, common.scale, 0))));
  }

  /** Operands, each with one scale, as integers of one type with this scale; empty if too wide. */
  static Optional<List<Dequantized>> ofOperands(
      List<Dequantized> operands, Node node, Rewrite rewrite) {
    List<Quantization> old = operands.stream().map(Dequantized::quantization).toList();
    return of(old.stream().map(q -> q.scale(0)).toList())
        .flatMap(common -> common.type(old).map(type -> common.all(operands, type, node, rewrite)));
  }

  private List<Dequantized> all(
      List<Dequantized> operands, IntegerType type, Node node, Rewrite rewrite) {
    List<Dequantized> result = new ArrayList<>();
    for (int i = 0; i < operands.size(); i++) {
      CommonScale own = new CommonScale(scale, List.of(factors.get(i)));
      List<Quantization> old = List.of(operands.get(i).quantization());
      Value integers = own.multiplied(node, operands.get(i).integers(), old, 0, type, rewrite);
      result.add(new Dequantized(integers, Quantization.perTensor(type, scale, 0)));
    }
    return result;
  }

  private Value multiplied(
      Node node,
      Value integers,
      List<Quantization> channels,
      int axis,
      IntegerType type,
      Rewrite rewrite) {
    List<Requantization> staircases = new ArrayList<>();
    for (int c = 0; c < channels.size(); c++) {
      staircases.add(
          new DequantizeThenQuantize(
              factors.get(c),
              channels.get(c).zeroPoint(0),
              1,
              0,
              (int) type.minimum(),
              (int) type.maximum()));
    }
    return rewrite.emit(node, "common_scale", new Requantize(staircases, axis, type), integers);
  }
}
