// SPDX-License-Identifier: Apache-2.0
package dev.etch.exact;

import dev.etch.tensor.IntegerType;

/** A closed, non-empty range of integers. */
public record Interval(long low, long high) {
  public Interval {
    if (low > high) {
      throw new IllegalArgumentException("empty interval [" + low + ", " + high + "]");
    }
  }

  /** Every value of {@code type}. */
  public static Interval of(IntegerType type) {
    return new Interval(type.minimum(), type.maximum());
  }

  /** The smallest interval around both. */
  public Interval union(Interval other) {
    return new Interval(Math.min(low, other.low), Math.max(high, other.high));
  }

  /** The smallest interval around this and {@code value}. */
  public Interval including(long value) {
    return new Interval(Math.min(low, value), Math.max(high, value));
  }

  /** Every value of this with {@code offset} added. */
  public Interval plus(long offset) {
    return new Interval(low + offset, high + offset);
  }

  /** The smallest interval around every product of a value of this and one of {@code other}. */
  public Interval times(Interval other) {
    return new Interval(low * other.low, low * other.low)
        .including(low * other.high)
        .including(high * other.low)
        .including(high * other.high);
  }

  /** Whether {@code value} lies inside. */
  public boolean contains(long value) {
    return low <= value && value <= high;
  }

  /** Whether {@code other} lies inside. */
  public boolean contains(Interval other) {
    return low <= other.low && other.high <= high;
  }

  /** The narrowest type that holds every value. */
  public IntegerType type() {
    return IntegerType.holding(low, high);
  }

  @Override
  public String toString() {
    return "[" + low + ", " + high + "]";
  }
}
