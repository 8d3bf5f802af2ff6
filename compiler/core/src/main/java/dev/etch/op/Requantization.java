// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A monotone staircase from an exact integer to a narrower one, as the framework that the model
 * came from defines it. {@code exact} finds and proves a hardware form of it.
 */
public sealed interface Requantization
    permits Requantization.ScaleThenRound,
        Requantization.ScaleThenShift,
        Requantization.MovedProduct,
        Requantization.FloatAccumulation,
        Requantization.ExactAccumulation,
        Requantization.Steps,
        Requantization.DequantizeThenQuantize,
        Requantization.Average,
        Requantization.FixedPoint,
        Requantization.ShortFixedPoint,
        Requantization.DoubleProduct,
        Requantization.RoundedQuotient,
        Requantization.RealSteps {

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
  Requantization clampedTo(int least, int most);

  /**
   * ONNX Runtime's requantization of QLinearConv, QLinearMatMul, QGemm and QLinearGlobalAveragePool
   * (MLAS {@code MlasRequantizeOutput}): {@code clamp(roundHalfEven(float32(acc) * scale) +
   * zeroPoint)}.
   *
   * @param scale input scale * weight scale / output scale, each step rounded to float32; above 0
   * @param zeroPoint of the output
   * @param low smallest output
   * @param high largest output
   */
  record ScaleThenRound(float scale, int zeroPoint, int low, int high) implements Requantization {
    @Override
    public int apply(long accumulator) {
      return clamp(Math.rint((float) accumulator * scale) + zeroPoint, low, high);
    }

    @Override
    public double ratio() {
      return scale;
    }

    @Override
    public Requantization clampedTo(int least, int most) {
      return new ScaleThenRound(scale, zeroPoint, Math.max(low, least), Math.min(high, most));
    }
  }

  /**
   * ONNX Runtime's requantization of QLinearMul (MLAS {@code MlasQLinearMul}): {@code
   * clamp(roundHalfEven(float32(product) * scale + zeroPoint))}. Unlike {@link ScaleThenRound} it
   * adds the zero point in float32, before it rounds.
   *
   * @param scale left scale * right scale / output scale, each step rounded to float32; above 0
   * @param zeroPoint of the output
   * @param low smallest output
   * @param high largest output
   */
  record ScaleThenShift(float scale, int zeroPoint, int low, int high) implements Requantization {
    @Override
    public int apply(long accumulator) {
      return clamp(Math.rint((float) accumulator * scale + zeroPoint), low, high);
    }

    @Override
    public double ratio() {
      return scale;
    }

    @Override
    public Requantization clampedTo(int least, int most) {
      return new ScaleThenShift(scale, zeroPoint, Math.max(low, least), Math.min(high, most));
    }
  }

  /**
   * ONNX Runtime's QLinearMul whose output it moved from int8 to uint8 first: the zero point that
   * is added in float32 is another one.
   *
   * @param product with the moved zero point and limits
   * @param output subtracted from the moved result
   */
  record MovedProduct(ScaleThenShift product, int output) implements Requantization {
    @Override
    public int apply(long accumulator) {
      return product.apply(accumulator) - output;
    }

    @Override
    public int low() {
      return product.low() - output;
    }

    @Override
    public int high() {
      return product.high() - output;
    }

    @Override
    public double ratio() {
      return product.ratio();
    }

    @Override
    public Requantization clampedTo(int least, int most) {
      ScaleThenShift clamped = (ScaleThenShift) product.clampedTo(least + output, most + output);
      return new MovedProduct(clamped, output);
    }
  }

  /**
   * A layer that ONNX Runtime leaves in float32: the sum of dequantized products (or elements, for
   * a mean), divided by {@code count}, then QuantizeLinear. The sum is the exact one, rounded to
   * float32 once; what follows is float32 arithmetic. ONNX Runtime's own sum hangs on the order of
   * its additions, unless all of them are exact.
   *
   * @param inputScale above 0
   * @param weightScale above 0; 1 for a mean
   * @param bias that is added to the sum and is no whole number of its steps; 0 if there is none
   * @param count what the sum is divided by; 1 for a convolution or a dense layer
   * @param outputScale above 0
   * @param zeroPoint of the output
   * @param low smallest output
   * @param high largest output
   */
  record FloatAccumulation(
      float inputScale,
      float weightScale,
      float bias,
      int count,
      float outputScale,
      int zeroPoint,
      int low,
      int high)
      implements Requantization {
    @Override
    public int apply(long accumulator) {
      float sum = (float) (accumulator * ((double) inputScale * weightScale) + bias);
      return clamp(Math.rint(sum / count / outputScale) + zeroPoint, low, high);
    }

    @Override
    public double ratio() {
      return (double) inputScale * weightScale / count / outputScale;
    }

    @Override
    public Requantization clampedTo(int least, int most) {
      return new FloatAccumulation(
          inputScale,
          weightScale,
          bias,
          count,
          outputScale,
          zeroPoint,
          Math.max(low, least),
          Math.min(high, most));
    }
  }

  /**
   * A layer as in {@link FloatAccumulation} with a result of so many levels that float32's own
   * roundings decide between them: the exact sum is scaled exactly and rounded once, half to even:
   * {@code clamp(round((accumulator * multiplier + addend) / 2^shift) + zeroPoint)}.
   *
   * @param layer what ONNX Runtime does
   * @param multiplier {@code 2^shift} times the ratio of scales
   * @param addend {@code 2^shift} times the bias in steps of the output
   * @param shift from 1 to {@value #MOST_SHIFT}
   */
  record ExactAccumulation(FloatAccumulation layer, long multiplier, long addend, int shift)
      implements Requantization {
    /** Bits of the largest multiplier: the products' error is far below one of float32. */
    private static final int MULTIPLIER_BITS = 31;

    /** With a zero point of 16 bits, 63 bits hold everything. */
    private static final int MOST_SHIFT = 44;

    private static final long LARGEST = 1L << 61;

    public ExactAccumulation {
      Objects.requireNonNull(layer);
      if (multiplier < 0
          || multiplier > 1L << MULTIPLIER_BITS
          || Math.abs(addend) > LARGEST
          || shift < 1
          || shift > MOST_SHIFT) {
        throw new OperatorException(
            "a layer multiplies by %d with shift %d".formatted(multiplier, shift),
            "choose a larger output scale");
      }
    }

    /** All channels of a layer, with the shift that suits the largest ratio. */
    public static List<Requantization> of(List<FloatAccumulation> channels) {
      double largest = channels.stream().mapToDouble(FloatAccumulation::ratio).max().orElseThrow();
      int shift = Math.min(MOST_SHIFT, MULTIPLIER_BITS - 1 - Math.getExponent(largest));
      return channels.stream().<Requantization>map(layer -> of(layer, shift)).toList();
    }

    private static ExactAccumulation of(FloatAccumulation layer, int shift) {
      double addend = (double) layer.bias / layer.count / layer.outputScale;
      return new ExactAccumulation(
          layer,
          Math.round(Math.scalb(layer.ratio(), shift)),
          Math.round(Math.scalb(addend, shift)),
          shift);
    }

    @Override
    public int apply(long accumulator) {
      long sum = accumulator * multiplier + addend + (1L << (shift - 1));
      long result = sum >> shift;
      boolean tie = result << shift == sum;
      long even = tie && (result & 1) == 1 ? result - 1 : result;
      return (int) Math.max(low(), Math.min(high(), even + layer.zeroPoint));
    }

    @Override
    public int low() {
      return layer.low;
    }

    @Override
    public int high() {
      return layer.high;
    }

    @Override
    public double ratio() {
      return Math.scalb((double) multiplier, -shift);
    }

    @Override
    public Requantization clampedTo(int least, int most) {
      FloatAccumulation clamped = (FloatAccumulation) layer.clampedTo(least, most);
      return new ExactAccumulation(clamped, multiplier, addend, shift);
    }
  }

  /**
   * A staircase as the list of its edges, for arithmetic that is no formula of the accumulator.
   *
   * @param ratio how much the output grows with the accumulator, about
   * @param low smallest output
   * @param edges {@code edges[i]} is the least accumulator whose output is at least {@code low + 1
   *     + i}; they do not decrease
   * @param unequalPairs pairs of factors for which the definition gives another output than this
   */
  record Steps(double ratio, int low, List<Long> edges, int unequalPairs)
      implements Requantization {
    public Steps {
      edges = List.copyOf(edges);
      for (int i = 1; i < edges.size(); i++) {
        if (edges.get(i) < edges.get(i - 1)) {
          throw new OperatorException("edge " + i + " is below the one before it", "");
        }
      }
    }

    @Override
    public int apply(long accumulator) {
      int below = 0;
      int above = edges.size();
      while (below < above) {
        int middle = (below + above) / 2;
        if (edges.get(middle) <= accumulator) {
          below = middle + 1;
        } else {
          above = middle;
        }
      }
      return low + below;
    }

    @Override
    public int high() {
      return low + edges.size();
    }

    @Override
    public Requantization clampedTo(int least, int most) {
      int from = Math.max(low, least);
      int to = Math.max(from, Math.min(high(), most));
      return new Steps(ratio, from, edges.subList(from - low, to - low), unequalPairs);
    }
  }

  /**
   * DequantizeLinear followed by QuantizeLinear: {@code clamp(roundHalfEven(((x - inputZeroPoint) *
   * inputScale) / outputScale) + outputZeroPoint)}, each operation in float32.
   *
   * @param inputScale above 0
   * @param inputZeroPoint of the input
   * @param outputScale above 0
   * @param outputZeroPoint of the output
   * @param low smallest output
   * @param high largest output
   */
  record DequantizeThenQuantize(
      float inputScale,
      int inputZeroPoint,
      float outputScale,
      int outputZeroPoint,
      int low,
      int high)
      implements Requantization {
    @Override
    public int apply(long accumulator) {
      float real = (float) (accumulator - inputZeroPoint) * inputScale;
      return clamp(Math.rint(real / outputScale) + outputZeroPoint, low, high);
    }

    @Override
    public double ratio() {
      return (double) inputScale / outputScale;
    }

    @Override
    public Requantization clampedTo(int least, int most) {
      return new DequantizeThenQuantize(
          inputScale,
          inputZeroPoint,
          outputScale,
          outputZeroPoint,
          Math.max(low, least),
          Math.min(high, most));
    }
  }

  /**
   * ONNX Runtime's QLinearAveragePool after an exact sum: {@code clamp(roundHalfEven(((sum *
   * inputScale) / count) / outputScale + zeroPoint))}, each operation in float32; unlike the other
   * staircases it adds the zero point before it rounds. ONNX Runtime itself sums dequantized
   * floats, so that it may differ where the exact result is within float32 rounding of a tie.
   *
   * @param inputScale above 0
   * @param count elements that the sum is divided by
   * @param outputScale above 0
   * @param zeroPoint of the output
   * @param low smallest output
   * @param high largest output
   * @param move by which ONNX Runtime moves int8 outputs to uint8 before it rounds; 0 if it does
   *     not
   */
  record Average(
      float inputScale, int count, float outputScale, int zeroPoint, int low, int high, int move)
      implements Requantization {
    @Override
    public int apply(long accumulator) {
      float mean = (float) accumulator * inputScale / count;
      return clamp(Math.rint(mean / outputScale + (zeroPoint + move)) - move, low, high);
    }

    @Override
    public double ratio() {
      return (double) inputScale / count / outputScale;
    }

    @Override
    public Requantization clampedTo(int least, int most) {
      return new Average(
          inputScale,
          count,
          outputScale,
          zeroPoint,
          Math.max(low, least),
          Math.min(high, most),
          move);
    }
  }

  /**
   * TFLite's requantization: {@code clamp(multiplier.times(accumulator - inputZeroPoint) +
   * zeroPoint)}. The reference kernels of CONV_2D, DEPTHWISE_CONV_2D, FULLY_CONNECTED, MEAN, RELU
   * and the rescaling QUANTIZE.
   *
   * @param inputZeroPoint subtracted first; 0 after an integer layer, whose accumulator is exact
   * @param multiplier input scale * weight scale / output scale
   * @param zeroPoint of the output
   * @param low smallest output
   * @param high largest output
   */
  record FixedPoint(
      int inputZeroPoint, QuantizedMultiplier multiplier, int zeroPoint, int low, int high)
      implements Requantization {
    @Override
    public int apply(long accumulator) {
      long result = (long) multiplier.times(accumulator - inputZeroPoint) + zeroPoint;
      return (int) Math.max(low, Math.min(high, result));
    }

    @Override
    public long zero() {
      return inputZeroPoint;
    }

    @Override
    public double ratio() {
      return multiplier.real();
    }

    @Override
    public Optional<Lines> lines(long least, long most) {
      return Lines.ofProduct(multiplier, 0, inputZeroPoint, zeroPoint, least, most);
    }

    @Override
    public Requantization clampedTo(int least, int most) {
      return new FixedPoint(
          inputZeroPoint, multiplier, zeroPoint, Math.max(low, least), Math.min(high, most));
    }
  }

  /**
   * TFLite's requantization of 64-bit accumulators, those of layers with 16-bit activations and
   * 64-bit biases: {@code clamp((((accumulator + bias) * multiplier + 2^(shift - 1)) >> shift) +
   * zeroPoint)}, rounded once, ties up. Source: {@code MultiplyByQuantizedMultiplier(int64_t,
   * ...)}.
   *
   * @param bias added to the accumulator; up to 2^47 in magnitude. It belongs to the staircase
   *     since it may have more than the accumulator's 32 bits
   * @param multiplier 15 bits: the upper half of a {@link QuantizedMultiplier}
   * @param shift from 1 to 62
   * @param zeroPoint of the output
   * @param low smallest output
   * @param high largest output
   */
  record ShortFixedPoint(long bias, int multiplier, int shift, int zeroPoint, int low, int high)
      implements Requantization {
    private static final long LARGEST_SUM = 1L << 47;

    public ShortFixedPoint {
      if (multiplier < 0 || multiplier > Short.MAX_VALUE || shift < 1 || shift > 62) {
        throw new OperatorException(
            "multiplier %d with shift %d".formatted(multiplier, shift),
            "a multiplier has 15 bits, a shift is from 1 to 62");
      }
      if (Math.abs(bias) >= LARGEST_SUM) {
        throw new OperatorException(
            "a bias of " + bias, "TFLite's kernels are defined for sums below 2^47");
      }
    }

    /** With the upper half of a multiplier, rounded; its shift must be at most 14. */
    public static ShortFixedPoint of(
        long bias, QuantizedMultiplier full, int zeroPoint, int low, int high) {
      int upper = Math.min(Short.MAX_VALUE, (int) ((full.multiplier() + (1L << 15)) >> 16));
      return new ShortFixedPoint(bias, upper, 15 - full.shift(), zeroPoint, low, high);
    }

    @Override
    public int apply(long accumulator) {
      long product = (accumulator + bias) * multiplier + (1L << (shift - 1));
      return (int) Math.max(low, Math.min(high, (product >> shift) + zeroPoint));
    }

    @Override
    public long zero() {
      return -bias;
    }

    @Override
    public double ratio() {
      return Math.scalb((double) multiplier, -shift);
    }

    @Override
    public Optional<Lines> lines(long least, long most) {
      return Lines.ofSum(bias, multiplier, shift, zeroPoint);
    }

    @Override
    public Requantization clampedTo(int least, int most) {
      return new ShortFixedPoint(
          bias, multiplier, shift, zeroPoint, Math.max(low, least), Math.min(high, most));
    }
  }

  /**
   * The requantization of FULLY_CONNECTED in TensorFlow 2.21 and LiteRT 2.3: {@code
   * clamp(round((double) (accumulator + bias) * scale) + zeroPoint)}, ties away from zero.
   *
   * @param bias added to the accumulator; up to 2^47 in magnitude. It belongs to the staircase
   *     since it may have more than the accumulator's 32 bits
   * @param scale input scale * weight scale / output scale, in double precision from left to right;
   *     above 0
   * @param zeroPoint of the output
   * @param low smallest output
   * @param high largest output
   */
  record DoubleProduct(long bias, double scale, int zeroPoint, int low, int high)
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
      return clamp(Math.copySign(magnitude, product) + zeroPoint, low, high);
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
    public Requantization clampedTo(int least, int most) {
      return new DoubleProduct(bias, scale, zeroPoint, Math.max(low, least), Math.min(high, most));
    }
  }

  /**
   * An integer quotient rounded to nearest, ties away from zero, as TFLite's AVERAGE_POOL_2D does
   * it: {@code accumulator > 0 ? (accumulator + divisor / 2) / divisor : (accumulator - divisor /
   * 2) / divisor}, where {@code /} cuts off. An odd divisor has no ties.
   *
   * @param divisor elements that were added up, at least 1
   * @param low smallest output
   * @param high largest output
   */
  record RoundedQuotient(int divisor, int low, int high) implements Requantization {
    @Override
    public int apply(long accumulator) {
      int half = divisor / 2;
      long quotient = (accumulator > 0 ? accumulator + half : accumulator - half) / divisor;
      return (int) Math.max(low, Math.min(high, quotient));
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
    public Requantization clampedTo(int least, int most) {
      return new RoundedQuotient(divisor, Math.max(low, least), Math.min(high, most));
    }
  }

  /**
   * What float32 arithmetic decides: {@code quantizer(steps((acc - inputZeroPoint) * scale))}, one
   * rounding an operation. Where the steps decrease, the weights in front are negated, and so is
   * the accumulator here.
   *
   * @param negated whether the accumulator is the negated one
   * @param inputZeroPoint subtracted first; 0 after an integer layer, whose accumulator is exact
   * @param scale what the accumulator counts; above 0
   * @param steps between the layer and the quantizer
   * @param quantizer gives the output
   * @param low smallest output
   * @param high largest output
   */
  record RealSteps(
      boolean negated,
      int inputZeroPoint,
      float scale,
      List<RealStep> steps,
      RealQuantizer quantizer,
      int low,
      int high)
      implements Requantization {
    public RealSteps {
      steps = List.copyOf(steps);
      Objects.requireNonNull(quantizer);
      if (direction(steps) * (negated ? -1 : 1) < 0) {
        throw new OperatorException("the steps decrease as the accumulator grows", "");
      }
    }

    @Override
    public int apply(long accumulator) {
      float x = (float) ((negated ? -accumulator : accumulator) - inputZeroPoint) * scale;
      for (RealStep step : steps) {
        x = step.apply(x);
      }
      return Math.max(low, Math.min(high, quantizer.apply(x)));
    }

    @Override
    public double ratio() {
      double slope = steps.stream().mapToDouble(RealStep::slope).reduce(1, (a, b) -> a * b);
      return Math.abs(slope) * scale * quantizer.ratio();
    }

    /**
     * 1 if all steps together grow with their operand, -1 if they shrink, 0 if they are constant.
     */
    public static int direction(List<RealStep> steps) {
      return (int)
          steps.stream().mapToDouble(s -> Math.signum(s.slope())).reduce(1, (a, b) -> a * b);
    }

    @Override
    public Requantization clampedTo(int least, int most) {
      return new RealSteps(
          negated,
          inputZeroPoint,
          scale,
          steps,
          quantizer,
          Math.max(low, least),
          Math.min(high, most));
    }
  }

  private static int clamp(double value, int low, int high) {
    // The cast saturates, so that clamping after it is the same, and several times faster.
    return Math.max(low, Math.min(high, (int) value));
  }
}
