// SPDX-License-Identifier: Apache-2.0
package dev.etch.op.requantization;

import dev.etch.diagnostic.OperatorException;

/**
 * The requantization of FULLY_CONNECTED in TensorFlow 2.21 and LiteRT 2.3: {@code
 * clamp(round((double) (accumulator + bias) * scale) + zeroPoint)}, ties away from zero.
 *
 * @param bias added to the accumulator; up to 2^47 in magnitude. It belongs to the staircase since
 *     it may have more than the accumulator's 32 bits
 * @param scale input scale * weight scale / output scale, in double precision from left to right;
 *     above 0
 * @param zeroPoint of the output
 * @param low smallest output
 * @param high largest output
 */
public record DoubleProduct(long bias, double scale, int zeroPoint, int low, int high)
    implements Requantization {
  private static final long LARGEST_SUM = 1L << 47;

  public DoubleProduct {
    if (!(scale > 0) || Double.isInfinite(scale)) {
      throw new OperatorException("a scale of " + scale, "a scale is above 0");
    }
    if (Math.abs(bias) >= LARGEST_SUM) {
      throw new OperatorException("a bias of " + bias, "sums must stay below 2^47");
    }
  }

  @Override
  public int apply(long accumulator) {
    double product = (accumulator + bias) * scale;
    double whole = Math.floor(Math.abs(product));
    double magnitude = Math.abs(product) - whole < 0.5 ? whole : whole + 1;
    return Limits.clamp(Math.copySign(magnitude, product) + zeroPoint, low, high);
  }

  @Override
  public long zero() {
    return -bias;
  }

  @Override
  public double ratio() {
    return scale;
  }

  @Override
  public DoubleProduct withLimits(int least, int most) {
    return new DoubleProduct(bias, scale, zeroPoint, least, most);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.doubleProduct(this);
  }
}
