// SPDX-License-Identifier: Apache-2.0
package dev.etch.op.requantization;

import java.util.Optional;

/**
 * An integer quotient rounded to nearest, ties away from zero, as TFLite's AVERAGE_POOL_2D does it:
 * {@code accumulator > 0 ? (accumulator + divisor / 2) / divisor : (accumulator - divisor / 2) /
 * divisor}, where {@code /} cuts off. An odd divisor has no ties.
 *
 * @param divisor elements that were added up, at least 1
 * @param low smallest output
 * @param high largest output
 */
public record RoundedQuotient(int divisor, int low, int high) implements Requantization {
  @Override
  public int apply(long accumulator) {
    int half = divisor / 2;
    long quotient = (accumulator > 0 ? accumulator + half : accumulator - half) / divisor;
    return Limits.clamp(quotient, low, high);
  }

  @Override
  public double ratio() {
    return 1.0 / divisor;
  }

  @Override
  public Optional<Lines> lines(long least, long most) {
    return Lines.ofQuotient(divisor, least, most);
  }

  @Override
  public RoundedQuotient withLimits(int least, int most) {
    return new RoundedQuotient(divisor, least, most);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.roundedQuotient(this);
  }
}
