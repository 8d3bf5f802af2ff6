// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import java.util.List;
import java.util.Optional;

/**
 * A quantized sum of two quantized integers, as the framework that the model came from defines it.
 * Never decreases in the left operand; never decreases in the right one, or, if {@link #rightRatio}
 * is negative, never grows in it.
 */
public sealed interface SumRequantization
    permits SumRequantization.FloatSum,
        SumRequantization.MovedSum,
        SumRequantization.FixedPointSum,
        SumRequantization.ExactSum,
        SumRequantization.RealSum {

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
  SumRequantization clampedTo(int least, int most);

  /**
   * ONNX Runtime's QLinearAdd, in float32 with fused multiply-adds, as its AVX2 kernel computes it
   * (MLAS {@code MlasQLinearAddKernelAvx2Helper}): with {@code leftRatio = leftScale / outputScale}
   * and {@code rightRatio} likewise,
   *
   * <pre>
   * constant = outputZeroPoint - fma(leftRatio, leftZeroPoint, rightRatio * rightZeroPoint)
   * result = clamp(roundHalfEven(fma(left, leftRatio, fma(right, rightRatio, constant))))
   * </pre>
   */
  record FloatSum(
      float leftScale,
      int leftZeroPoint,
      float rightScale,
      int rightZeroPoint,
      float outputScale,
      int outputZeroPoint,
      int low,
      int high)
      implements SumRequantization {
    @Override
    public int apply(int left, int right) {
      float leftRatio = leftScale / outputScale;
      float rightRatio = rightScale / outputScale;
      float constant =
          outputZeroPoint - Math.fma(leftRatio, leftZeroPoint, rightRatio * rightZeroPoint);
      float sum = Math.fma((float) left, leftRatio, Math.fma((float) right, rightRatio, constant));
      return (int) Math.max(low, Math.min(high, Math.rint(sum)));
    }

    @Override
    public double leftRatio() {
      return leftScale / outputScale;
    }

    @Override
    public double rightRatio() {
      return rightScale / outputScale;
    }

    @Override
    public SumRequantization clampedTo(int least, int most) {
      return new FloatSum(
          leftScale,
          leftZeroPoint,
          rightScale,
          rightZeroPoint,
          outputScale,
          outputZeroPoint,
          Math.max(low, least),
          Math.min(high, most));
    }
  }

  /**
   * ONNX Runtime's QLinearAdd of int8 operands that it moved to uint8 first (its {@code
   * QDQS8ToU8Transformer}). The zero points take part in float32 arithmetic, so that this rounds
   * some pairs otherwise than the kernel for int8.
   *
   * @param sum of the moved operands, with the moved zero points and limits
   * @param left added to the left operand
   * @param right added to the right operand
   * @param output subtracted from the moved result
   */
  record MovedSum(FloatSum sum, int left, int right, int output) implements SumRequantization {
    @Override
    public int apply(int leftOperand, int rightOperand) {
      return sum.apply(leftOperand + left, rightOperand + right) - output;
    }

    @Override
    public int low() {
      return sum.low() - output;
    }

    @Override
    public int high() {
      return sum.high() - output;
    }

    @Override
    public double leftRatio() {
      return sum.leftRatio();
    }

    @Override
    public double rightRatio() {
      return sum.rightRatio();
    }

    @Override
    public SumRequantization clampedTo(int least, int most) {
      FloatSum clamped = (FloatSum) sum.clampedTo(least + output, most + output);
      return new MovedSum(clamped, left, right, output);
    }
  }

  /**
   * TFLite's ADD and SUB, their reference kernel: both operands without their zero points, shifted
   * left by {@code headroom}, each times its multiplier; their sum (or difference) times the
   * output's multiplier, plus the zero point, clamped.
   *
   * @param leftZeroPoint of the left operand
   * @param left left scale / (2 * larger scale)
   * @param rightZeroPoint of the right operand
   * @param right right scale / (2 * larger scale)
   * @param subtracts whether the right operand, once scaled, is subtracted
   * @param headroom fraction bits of the operands, 20 for 8-bit and 15 for 16-bit integers
   * @param output (2 * larger scale) / (2^headroom * output scale)
   * @param zeroPoint of the output
   * @param low smallest output
   * @param high largest output
   */
  record FixedPointSum(
      int leftZeroPoint,
      QuantizedMultiplier left,
      int rightZeroPoint,
      QuantizedMultiplier right,
      boolean subtracts,
      int headroom,
      QuantizedMultiplier output,
      int zeroPoint,
      int low,
      int high)
      implements SumRequantization {
    @Override
    public int apply(int leftOperand, int rightOperand) {
      long scaledLeft = leftProduct().apply(leftOperand);
      long scaledRight = rightProduct().apply(rightOperand);
      long sum = subtracts ? scaledLeft - scaledRight : scaledLeft + scaledRight;
      return (int) Math.max(low, Math.min(high, (long) output.times(sum) + zeroPoint));
    }

    private Product leftProduct() {
      return new Product(leftZeroPoint, headroom, left);
    }

    private Product rightProduct() {
      return new Product(rightZeroPoint, headroom, right);
    }

    @Override
    public Optional<Parts> parts() {
      Requantization end = new Requantization.FixedPoint(0, output, zeroPoint, low, high);
      return Optional.of(new Parts(leftProduct(), rightProduct(), subtracts, end));
    }

    @Override
    public double leftRatio() {
      return Math.scalb(left.real() * output.real(), headroom);
    }

    @Override
    public double rightRatio() {
      double ratio = Math.scalb(right.real() * output.real(), headroom);
      return subtracts ? -ratio : ratio;
    }

    @Override
    public SumRequantization clampedTo(int least, int most) {
      return new FixedPointSum(
          leftZeroPoint,
          left,
          rightZeroPoint,
          right,
          subtracts,
          headroom,
          output,
          zeroPoint,
          Math.max(low, least),
          Math.min(high, most));
    }
  }

  /**
   * A sum that ONNX Runtime computes in float32, of operands with so many values that its roundings
   * cannot be looked at one by one. It is scaled exactly here and rounded once, half to even:
   * {@code clamp(round(((left - leftZeroPoint) * leftMultiplier + (right - rightZeroPoint) *
   * rightMultiplier) / 2^shift) + zeroPoint)}.
   *
   * @param leftMultiplier {@code 2^shift} times left scale / output scale; at least 0
   * @param leftZeroPoint of the left operand
   * @param rightMultiplier likewise
   * @param rightZeroPoint of the right operand
   * @param shift from 1 to 40
   * @param error of ONNX Runtime's result in steps of the output, at most; 0 if there is none
   * @param zeroPoint of the output
   * @param low smallest output
   * @param high largest output
   */
  record ExactSum(
      long leftMultiplier,
      int leftZeroPoint,
      long rightMultiplier,
      int rightZeroPoint,
      int shift,
      double error,
      int zeroPoint,
      int low,
      int high)
      implements SumRequantization {
    private static final int MOST_SHIFT = 40;

    /** Of an operand with 18 bits; wider ones have narrower multipliers. */
    private static final long LARGEST_MULTIPLIER = 1L << 42;

    public ExactSum {
      if (leftMultiplier < 0
          || rightMultiplier < 0
          || Math.max(leftMultiplier, rightMultiplier) > LARGEST_MULTIPLIER
          || shift < 1
          || shift > MOST_SHIFT) {
        throw new OperatorException(
            "a sum multiplies by %d and %d with shift %d"
                .formatted(leftMultiplier, rightMultiplier, shift),
            "choose scales that are closer to each other");
      }
    }

    @Override
    public int apply(int left, int right) {
      long sum =
          ((long) left - leftZeroPoint) * leftMultiplier
              + ((long) right - rightZeroPoint) * rightMultiplier
              + (1L << (shift - 1));
      long result = sum >> shift;
      boolean tie = result << shift == sum;
      long even = tie && (result & 1) == 1 ? result - 1 : result;
      return (int) Math.max(low, Math.min(high, even + zeroPoint));
    }

    @Override
    public double leftRatio() {
      return Math.scalb((double) leftMultiplier, -shift);
    }

    @Override
    public double rightRatio() {
      return Math.scalb((double) rightMultiplier, -shift);
    }

    @Override
    public SumRequantization clampedTo(int least, int most) {
      return new ExactSum(
          leftMultiplier,
          leftZeroPoint,
          rightMultiplier,
          rightZeroPoint,
          shift,
          error,
          zeroPoint,
          Math.max(low, least),
          Math.min(high, most));
    }
  }

  /**
   * What float32 arithmetic decides: {@code quantizer(steps((left - leftZeroPoint) * leftScale +
   * (right - rightZeroPoint) * rightScale))}, one rounding an operation.
   *
   * @param leftScale above 0
   * @param leftZeroPoint of the left operand
   * @param rightScale above 0
   * @param rightZeroPoint of the right operand
   * @param steps between the sum and the quantizer; together they do not decrease
   * @param quantizer gives the output
   * @param low smallest output
   * @param high largest output
   */
  record RealSum(
      float leftScale,
      int leftZeroPoint,
      float rightScale,
      int rightZeroPoint,
      List<RealStep> steps,
      RealQuantizer quantizer,
      int low,
      int high)
      implements SumRequantization {
    public RealSum {
      steps = List.copyOf(steps);
      if (Requantization.RealSteps.direction(steps) < 0) {
        throw new OperatorException("the steps decrease as the sum grows", "");
      }
    }

    @Override
    public int apply(int left, int right) {
      float x = (left - leftZeroPoint) * leftScale + (right - rightZeroPoint) * rightScale;
      for (RealStep step : steps) {
        x = step.apply(x);
      }
      return Math.max(low, Math.min(high, quantizer.apply(x)));
    }

    @Override
    public double leftRatio() {
      return leftScale * slope();
    }

    @Override
    public double rightRatio() {
      return rightScale * slope();
    }

    private double slope() {
      return quantizer.ratio()
          * steps.stream().mapToDouble(RealStep::slope).reduce(1, (a, b) -> a * b);
    }

    @Override
    public SumRequantization clampedTo(int least, int most) {
      return new RealSum(
          leftScale,
          leftZeroPoint,
          rightScale,
          rightZeroPoint,
          steps,
          quantizer,
          Math.max(low, least),
          Math.min(high, most));
    }
  }
}
