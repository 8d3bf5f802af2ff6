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
