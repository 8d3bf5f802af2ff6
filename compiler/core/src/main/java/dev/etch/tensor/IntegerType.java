// SPDX-License-Identifier: Apache-2.0
package dev.etch.tensor;

/**
 * Two's-complement or unsigned integers of any width.
 *
 * @param bits 1 to 64
 * @param signed whether the most significant bit is a sign
 */
public record IntegerType(int bits, boolean signed) implements ElementType {
  public static final IntegerType INT8 = new IntegerType(8, true);
  public static final IntegerType UINT8 = new IntegerType(8, false);
  public static final IntegerType INT32 = new IntegerType(32, true);
  public static final IntegerType INT64 = new IntegerType(64, true);

  public IntegerType {
    if (bits < 1 || bits > 64) {
      throw new IllegalArgumentException("integer width must be 1 to 64 bits, got " + bits);
    }
  }

  /** The narrowest type that holds every value of {@code [low, high]}; signed if low < 0. */
  public static IntegerType holding(long low, long high) {
    if (low > high) {
      throw new IllegalArgumentException("empty range [" + low + ", " + high + "]");
    }
    if (low >= 0) {
      return new IntegerType(Math.max(1, 64 - Long.numberOfLeadingZeros(high)), false);
    }
    int forLow = 65 - Long.numberOfLeadingZeros(~low);
    int forHigh = high < 0 ? 1 : 65 - Long.numberOfLeadingZeros(high);
    return new IntegerType(Math.max(forLow, forHigh), true);
  }

  /** Smallest value. */
  public long minimum() {
    return signed ? -1L << (bits - 1) : 0;
  }

  /** Largest value; for unsigned 64 bit this is {@link Long#MAX_VALUE}, the largest we can hold. */
  public long maximum() {
    if (signed) {
      return ~minimum();
    }
    return bits >= 63 ? Long.MAX_VALUE : (1L << bits) - 1;
  }

  /** Whether {@code value} is of this type. */
  public boolean contains(long value) {
    return value >= minimum() && value <= maximum();
  }

  /** The nearest value of this type. */
  public long saturate(long value) {
    return Math.max(minimum(), Math.min(maximum(), value));
  }

  /** Bytes of one element in a raw little-endian file: 1, 2, 4 or 8. */
  public int storageBytes() {
    return bits <= 8 ? 1 : bits <= 16 ? 2 : bits <= 32 ? 4 : 8;
  }

  /** Parses {@code int8} or {@code uint4}. */
  public static IntegerType parse(String text) {
    boolean signed = text.startsWith("int");
    if (!signed && !text.startsWith("uint")) {
      throw new IllegalArgumentException("not an element type: " + text);
    }
    return new IntegerType(Integer.parseInt(text.substring(signed ? 3 : 4)), signed);
  }

  @Override
  public String toString() {
    return (signed ? "int" : "uint") + bits;
  }
}
