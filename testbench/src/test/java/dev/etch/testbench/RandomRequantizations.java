// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import dev.etch.op.requantization.Average;
import dev.etch.op.requantization.DequantizeThenQuantize;
import dev.etch.op.requantization.DoubleProduct;
import dev.etch.op.requantization.ExactAccumulation;
import dev.etch.op.requantization.ExactSum;
import dev.etch.op.requantization.FixedPoint;
import dev.etch.op.requantization.FixedPointSum;
import dev.etch.op.requantization.FloatAccumulation;
import dev.etch.op.requantization.FloatSum;
import dev.etch.op.requantization.MovedProduct;
import dev.etch.op.requantization.MovedSum;
import dev.etch.op.requantization.QuantizedMultiplier;
import dev.etch.op.requantization.RealQuantizer;
import dev.etch.op.requantization.RealRounding;
import dev.etch.op.requantization.RealStep;
import dev.etch.op.requantization.RealSteps;
import dev.etch.op.requantization.RealSum;
import dev.etch.op.requantization.Requantization;
import dev.etch.op.requantization.RoundedQuotient;
import dev.etch.op.requantization.ScaleThenRound;
import dev.etch.op.requantization.ScaleThenShift;
import dev.etch.op.requantization.ShortFixedPoint;
import dev.etch.op.requantization.Steps;
import dev.etch.op.requantization.SumRequantization;
import dev.etch.tensor.IntegerType;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Requantizations of layers and of sums, in every form that a framework has. */
final class RandomRequantizations {
  /** One channel's requantization of a form that all channels of the layer have. */
  private interface Form {
    Requantization of(double scale);
  }

  private final Random random;
  private final IntegerType type;
  private final int zeroPoint;
  private final int low;
  private final int high;

  /**
   * Draws for one result.
   *
   * @param type of the result
   */
  RandomRequantizations(Random random, IntegerType type) {
    this.random = random;
    this.type = type;
    this.zeroPoint = (int) type.minimum() + random.nextInt(1 << type.bits());
    boolean relu = random.nextInt(3) == 0;
    this.low = relu ? zeroPoint : (int) type.minimum();
    this.high = (int) type.maximum();
  }

  /**
   * A layer's.
   *
   * @param entries one a channel, or one for all
   * @param spread how far accumulators usually are from 0
   */
  List<Requantization> ofLayer(int entries, double spread) {
    double range = type.maximum() - type.minimum() + 1;
    Form form = form(spread);
    boolean isShort = random.nextInt(3) == 0;
    List<Requantization> steps = new ArrayList<>();
    for (int i = 0; i < entries; i++) {
      double scale = range / (4 * spread + 1) * (0.3 + 1.5 * random.nextDouble());
      steps.add(form.of(isShort ? shortened(scale) : scale));
    }
    return steps;
  }

  /** A factor of one decimal digit: many accumulators are then at ties, or next to them. */
  private static double shortened(double factor) {
    return new BigDecimal(factor).round(new MathContext(1)).doubleValue();
  }

  private Form form(double spread) {
    int bias = (int) (random.nextGaussian() * spread);
    return switch (random.nextInt(16)) {
      case 0, 1 -> s -> new ScaleThenRound((float) s, zeroPoint, low, high);
      case 2 -> s -> new ScaleThenShift((float) s, zeroPoint, low, high);
      case 3 -> s -> dequantized((float) s, bias);
      case 4 -> this::average;
      case 5, 6 -> s -> fixedPoint(s, 0);
      case 7 -> s -> fixedPoint(s, bias);
      case 8 -> s -> new DoubleProduct(bias, s, zeroPoint, low, high);
      case 9 -> s -> shortFixedPoint(s, bias);
      case 10 -> this::quotient;
      case 11 -> s -> inFloat(s, bias);
      case 12 -> s -> ExactAccumulation.of(List.of(inFloat(s, bias))).get(0);
      case 13 -> this::movedProduct;
      case 14 -> s -> steps(s, bias);
      default -> realSteps(bias);
    };
  }

  private Requantization movedProduct(double scale) {
    int move = move(type);
    return new MovedProduct(
        new ScaleThenShift((float) scale, zeroPoint + move, low + move, high + move), move);
  }

  /** Edges next to those of a line; now and then two at one place. */
  private Requantization steps(double scale, int bias) {
    List<Long> edges = new ArrayList<>();
    long last = Long.MIN_VALUE;
    for (int level = low + 1; level <= high; level++) {
      long edge = Math.round((level - 0.5 - zeroPoint) / scale) + bias + random.nextInt(2);
      last = Math.max(last, edge);
      edges.add(last);
    }
    return new Steps(scale, low, edges, 0);
  }

  private FloatAccumulation inFloat(double scale, int bias) {
    float addend = random.nextBoolean() ? 0 : (bias + random.nextFloat()) * (float) scale;
    return new FloatAccumulation((float) scale, 1, addend, 1, 1, zeroPoint, low, high);
  }

  private Requantization dequantized(float scale, int inputZeroPoint) {
    float outputScale = 0.5f + random.nextFloat();
    return new DequantizeThenQuantize(
        scale * outputScale, inputZeroPoint, outputScale, zeroPoint, low, high);
  }

  private Requantization average(double scale) {
    int count = 1 + random.nextInt(9);
    return new Average((float) scale * count, count, 1, zeroPoint, low, high, 0);
  }

  private Requantization fixedPoint(double scale, int inputZeroPoint) {
    QuantizedMultiplier multiplier = QuantizedMultiplier.of(scale);
    return new FixedPoint(inputZeroPoint, multiplier, zeroPoint, low, high);
  }

  private Requantization shortFixedPoint(double scale, int bias) {
    QuantizedMultiplier multiplier = QuantizedMultiplier.of(scale);
    return ShortFixedPoint.of(bias, multiplier, zeroPoint, low, high);
  }

  private Requantization quotient(double scale) {
    int divisor = (int) Math.max(1, Math.round(1 / scale));
    return new RoundedQuotient(divisor, Math.min(0, (int) type.minimum()), (int) type.maximum());
  }

  private Form realSteps(int inputZeroPoint) {
    boolean negated = random.nextInt(4) == 0;
    float factor = negated ? -1 : 1;
    List<RealStep> steps = new ArrayList<>();
    if (negated || random.nextBoolean()) {
      float divisor = 0.7f + random.nextFloat();
      steps.add(new RealStep.Linear(divisor, factor, (float) random.nextGaussian()));
    }
    if (random.nextInt(3) == 0) {
      steps.add(new RealStep.Clamp(-random.nextInt(9), random.nextInt(9)));
    }
    RealQuantizer quantizer = quantizer();
    return s ->
        new RealSteps(
            negated, inputZeroPoint, (float) s, steps, quantizer, quantizer.low(), high(quantizer));
  }

  private int high(RealQuantizer quantizer) {
    return Math.min(high, quantizer.high());
  }

  private RealQuantizer quantizer() {
    boolean isTernary = type.signed() && random.nextInt(3) == 0;
    if (isTernary) {
      return random.nextBoolean() ? new RealQuantizer.Ternary() : new RealQuantizer.Bipolar(1, 0);
    }
    RealRounding[] roundings = RealRounding.values();
    return random.nextBoolean()
        ? new RealQuantizer.Linear(1, zeroPoint, low, high)
        : new RealQuantizer.Uniform(
            1, zeroPoint, low, high, roundings[random.nextInt(roundings.length)]);
  }

  /**
   * A sum's.
   *
   * @param left type of an operand, with its zero point
   * @param right type of the other one, likewise
   */
  SumRequantization ofSum(IntegerType left, int leftZero, IntegerType right, int rightZero) {
    boolean isShort = random.nextInt(3) == 0;
    float leftRatio = sumRatio(left, isShort);
    float rightRatio = sumRatio(right, isShort);
    return switch (random.nextInt(7)) {
      case 1, 4 ->
          fixedPointSum(
              ratio(left, random.nextInt(4) * 0.25f),
              leftZero,
              ratio(right, random.nextInt(4) * 0.25f),
              rightZero);
      case 5 -> exactSum(leftRatio, leftZero, rightRatio, rightZero);
      case 2 -> fixedPointSum(leftRatio, leftZero, rightRatio, rightZero);
      case 0 -> new FloatSum(leftRatio, leftZero, rightRatio, rightZero, 1, zeroPoint, low, high);
      case 6 -> movedSum(leftRatio, left, leftZero, rightRatio, right, rightZero);
      default ->
          new RealSum(
              leftRatio,
              leftZero,
              rightRatio,
              rightZero,
              random.nextBoolean() ? List.of() : List.of(new RealStep.Clamp(-5, 9)),
              new RealQuantizer.Linear(1, zeroPoint, low, high),
              low,
              high);
    };
  }

  private float sumRatio(IntegerType operand, boolean isShort) {
    float ratio = ratio(operand, random.nextFloat());
    return isShort ? (float) shortened(ratio) : ratio;
  }

  private SumRequantization movedSum(
      float leftRatio,
      IntegerType left,
      int leftZero,
      float rightRatio,
      IntegerType right,
      int rightZero) {
    int leftMove = move(left);
    int rightMove = move(right);
    int move = move(type);
    return new MovedSum(
        new FloatSum(
            leftRatio,
            leftZero + leftMove,
            rightRatio,
            rightZero + rightMove,
            1,
            zeroPoint + move,
            low + move,
            high + move),
        leftMove,
        rightMove,
        move);
  }

  /** What makes a type unsigned. */
  private static int move(IntegerType type) {
    return -(int) type.minimum();
  }

  /** With quarters for {@code part} there are many ties. */
  private float ratio(IntegerType operand, float part) {
    return (float) Math.pow(2, type.bits() - operand.bits()) * (0.25f + part);
  }

  private SumRequantization exactSum(
      double leftRatio, int leftZero, double rightRatio, int rightZero) {
    int shift = 2 + random.nextInt(28);
    return new ExactSum(
        Math.round(Math.scalb(leftRatio, shift)),
        leftZero,
        Math.round(Math.scalb(rightRatio, shift)),
        rightZero,
        shift,
        0,
        zeroPoint,
        low,
        high);
  }

  private SumRequantization fixedPointSum(
      double leftRatio, int leftZero, double rightRatio, int rightZero) {
    double twice = 2 * Math.max(leftRatio, rightRatio);
    int headroom = 20;
    return new FixedPointSum(
        leftZero,
        QuantizedMultiplier.of(leftRatio / twice),
        rightZero,
        QuantizedMultiplier.of(rightRatio / twice),
        random.nextInt(3) == 0,
        headroom,
        QuantizedMultiplier.of(Math.scalb(twice, -headroom)),
        zeroPoint,
        low,
        high);
  }
}
