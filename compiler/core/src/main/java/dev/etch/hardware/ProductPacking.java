// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import dev.etch.tensor.IntegerType;

/**
 * Several products of one operand in a single multiplication. The factors are added up, each
 * shifted by a field more than the one before; the fields of the result are the products, except
 * that a negative rest below a field borrows one from it. The highest bit below the field tells
 * whether it does, because each product is less than half a field's range in magnitude (Fu et al.,
 * <i>Deep Learning with INT8 Optimization on Xilinx Devices</i>, WP486, 2017).
 *
 * @param ranges of what is multiplied
 * @param products at least 1
 */
public record ProductPacking(Ranges ranges, int products) {
  public ProductPacking {
    if (products < 1) {
      throw new IllegalArgumentException("at least one product");
    }
  }

  /**
   * What is multiplied.
   *
   * @param operand type of the common operand
   * @param leastFactor smallest factor
   * @param greatestFactor largest factor
   */
  public record Ranges(IntegerType operand, int leastFactor, int greatestFactor) {
    /** Whether there is no factor but 0. */
    public boolean isZero() {
      return leastFactor == 0 && greatestFactor == 0;
    }

    /** Bits of the operand as a signed number. */
    public int operandBits() {
      return operand.bits() + (operand.signed() ? 0 : 1);
    }
  }

  /** Bits from one product to the next: what holds every product and its negative. */
  public int fieldBits() {
    long operand = Math.max(-ranges.operand.minimum(), ranges.operand.maximum());
    long factor = Math.max(-(long) ranges.leastFactor, ranges.greatestFactor);
    return bits(operand * factor) + 1;
  }

  /** Bits of the sum of the shifted factors as a signed number. */
  public int factorBits() {
    long least = 0;
    long greatest = 0;
    for (int i = 0; i < products; i++) {
      least += (long) ranges.leastFactor << (i * fieldBits());
      greatest += (long) ranges.greatestFactor << (i * fieldBits());
    }
    return Math.max(bits(-least - 1), bits(greatest)) + 1;
  }

  /** Bits of a magnitude; 0 if it is not positive. */
  private static int bits(long magnitude) {
    return magnitude <= 0 ? 0 : Long.SIZE - Long.numberOfLeadingZeros(magnitude);
  }
}
