// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.op.BilinearResize2d.Mix;
import dev.etch.op.LinearResize2d.Blend;
import java.util.List;
import java.util.Optional;

/**
 * Weights of an axis as integers with a common unit. They are fractions whose denominators follow
 * from the extents, of which float32 has the nearest numbers; fractions of powers of two are exact.
 *
 * @param unit sum of the weights of each mix
 */
public record IntegerMixes(List<Mix> mixes, int unit) {
  private static final int MOST = 1 << 10;

  public IntegerMixes {
    mixes = List.copyOf(mixes);
  }

  /** The smallest unit that has all weights. */
  public static Optional<IntegerMixes> of(List<Blend> blends) {
    List<Blend> mixing = blends.stream().filter(b -> b.first() != b.second()).toList();
    for (int unit = 1; unit <= MOST; unit++) {
      int tried = unit;
      if (mixing.stream().allMatch(blend -> fits(blend, tried))) {
        return Optional.of(
            new IntegerMixes(blends.stream().map(blend -> mix(blend, tried)).toList(), unit));
      }
    }
    return Optional.empty();
  }

  /** Whether products of the weights are the same in float32. */
  public boolean isExact() {
    return Integer.bitCount(unit) == 1;
  }

  private static boolean fits(Blend blend, int unit) {
    double weight = Math.rint((double) blend.secondWeight() * unit);
    double error =
        Math.max(
            Math.abs(blend.secondWeight() - weight / unit),
            Math.abs(blend.firstWeight() - (unit - weight) / unit));
    boolean isPowerOfTwo = Integer.bitCount(unit) == 1;
    return error <= (isPowerOfTwo ? 0 : BilinearResize2d.rounding(blend.second()));
  }

  private static Mix mix(Blend blend, int unit) {
    return blend.first() == blend.second()
        ? new Mix(blend.first(), blend.first(), 0)
        : new Mix(
            blend.first(), blend.second(), (int) Math.rint((double) blend.secondWeight() * unit));
  }
}
