// SPDX-License-Identifier: Apache-2.0
package dev.etch.op.requantization;

import java.util.Optional;

/**
 * A quantized sum of two quantized integers, as the framework that the model came from defines it.
 * Never decreases in the left operand; never decreases in the right one, or, if {@link #rightRatio}
 * is negative, never grows in it.
 */
public sealed interface SumRequantization
    permits FloatSum, MovedSum, FixedPointSum, ExactSum, RealSum {

  /** The output for two operands. */
  int apply(int left, int right);

  /** Smallest output, inclusive. */
  int low();

  /** Largest output, inclusive. */
  int high();

  /** How much the output grows with the left operand, before rounding. */
  double leftRatio();

  /** How much the output grows with the right operand, before rounding. */
  double rightRatio();

  /** Its parts, if it is a sum of two rounded products that is rounded again. */
  default Optional<Parts> parts() {
    return Optional.empty();
  }

  /**
   * A sum of products, each an integer before the next step.
   *
   * @param left the left operand's product
   * @param right the right operand's product
   * @param subtracts whether the right product is subtracted from the left one
   * @param output what becomes of the sum
   */
  record Parts(Product left, Product right, boolean subtracts, Requantization output) {}

  /**
   * {@code multiplier.times((operand - zeroPoint) << headroom)}.
   *
   * @param zeroPoint of the operand
   * @param headroom fraction bits of the shifted operand
   */
  record Product(int zeroPoint, int headroom, QuantizedMultiplier multiplier) {
    /** The product of an operand. */
    public long apply(long operand) {
      return multiplier.times((operand - zeroPoint) << headroom);
    }

    /** As integer arithmetic for operands from {@code least} to {@code most}, if it is known. */
    public Optional<Lines> lines(long least, long most) {
      return Lines.ofProduct(multiplier, headroom, zeroPoint, 0, least, most);
    }
  }

  /** This sum with its output also kept in {@code [least, most]}: a fused activation. */
  default SumRequantization clampedTo(int least, int most) {
    return withLimits(Math.max(low(), least), Math.min(high(), most));
  }

  /** This sum with an output from {@code least} to {@code most}, both within its limits. */
  SumRequantization withLimits(int least, int most);

  /** Calls the visitor's method for this form. */
  <R> R accept(Visitor<R> visitor);

  /** One method a form, without defaults, so that javac finds every place a new form concerns. */
  interface Visitor<R> {
    /** ONNX Runtime's QLinearAdd. */
    R floatSum(FloatSum form);

    /** ONNX Runtime's QLinearAdd of operands that it moved to uint8. */
    R movedSum(MovedSum form);

    /** TFLite's ADD and SUB. */
    R fixedPointSum(FixedPointSum form);

    /** A sum of operands with many values that ONNX Runtime leaves in float32. */
    R exactSum(ExactSum form);

    /** Float32 operations between a sum and a quantizer, as in QONNX. */
    R realSum(RealSum form);
  }
}
