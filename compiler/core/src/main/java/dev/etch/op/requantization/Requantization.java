// SPDX-License-Identifier: Apache-2.0
package dev.etch.op.requantization;

import java.util.Optional;

/**
 * A monotone staircase from an exact integer to a narrower one, as the framework that the model
 * came from defines it. {@code exact} finds and proves a hardware form of it.
 */
public sealed interface Requantization
    permits ScaleThenRound,
        ScaleThenShift,
        MovedProduct,
        FloatAccumulation,
        ExactAccumulation,
        Steps,
        DequantizeThenQuantize,
        Average,
        FixedPoint,
        ShortFixedPoint,
        DoubleProduct,
        RoundedQuotient,
        RealSteps {

  /** The output for an exact accumulator; never decreases as {@code accumulator} grows. */
  int apply(long accumulator);

  /** Smallest output, inclusive: type limit or fused activation, whichever is tighter. */
  int low();

  /** Largest output, inclusive. */
  int high();

  /** How much the output grows with the accumulator, before rounding. */
  double ratio();

  /**
   * The accumulator that stands for zero; a rounding half away from zero is symmetric around it.
   */
  default long zero() {
    return 0;
  }

  /**
   * What it is before the clamp, for accumulators from {@code least} to {@code most}, as integer
   * arithmetic; empty if that is not known.
   */
  default Optional<Lines> lines(long least, long most) {
    return Optional.empty();
  }

  /** This staircase with its output also kept in {@code [least, most]}: a fused activation. */
  default Requantization clampedTo(int least, int most) {
    return withLimits(Math.max(low(), least), Math.min(high(), most));
  }

  /** This staircase with an output from {@code least} to {@code most}, both within its limits. */
  Requantization withLimits(int least, int most);

  /** Calls the visitor's method for this form. */
  <R> R accept(Visitor<R> visitor);

  /** One method a form, without defaults, so that javac finds every place a new form concerns. */
  interface Visitor<R> {
    /** ONNX Runtime's layers with an integer kernel. */
    R scaleThenRound(ScaleThenRound form);

    /** ONNX Runtime's QLinearMul. */
    R scaleThenShift(ScaleThenShift form);

    /** ONNX Runtime's QLinearMul with a result that it moved to uint8. */
    R movedProduct(MovedProduct form);

    /** A layer that ONNX Runtime leaves in float32. */
    R floatAccumulation(FloatAccumulation form);

    /** Such a layer with a result of many levels. */
    R exactAccumulation(ExactAccumulation form);

    /** Arithmetic that is no formula of the accumulator. */
    R steps(Steps form);

    /** ONNX's DequantizeLinear and QuantizeLinear. */
    R dequantizeThenQuantize(DequantizeThenQuantize form);

    /** ONNX Runtime's QLinearAveragePool. */
    R average(Average form);

    /** TFLite's 32-bit fixed-point product. */
    R fixedPoint(FixedPoint form);

    /** TFLite's product of 64-bit accumulators. */
    R shortFixedPoint(ShortFixedPoint form);

    /** FULLY_CONNECTED of current TensorFlow and LiteRT. */
    R doubleProduct(DoubleProduct form);

    /** TFLite's AVERAGE_POOL_2D. */
    R roundedQuotient(RoundedQuotient form);

    /** Float32 operations in front of a quantizer, as in QONNX. */
    R realSteps(RealSteps form);
  }
}
