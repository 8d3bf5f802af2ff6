// SPDX-License-Identifier: Apache-2.0
package dev.etch.exact;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.etch.hardware.Target;
import dev.etch.hardware.arithmetic.TieRule;
import dev.etch.hardware.requantizer.BiasedScale;
import dev.etch.hardware.requantizer.CentredScale;
import dev.etch.hardware.requantizer.FloatScale;
import dev.etch.hardware.requantizer.Offset;
import dev.etch.hardware.requantizer.Requantizer;
import dev.etch.hardware.requantizer.Scale;
import dev.etch.hardware.requantizer.SharedScale;
import dev.etch.hardware.requantizer.Thresholds;
import dev.etch.hardware.requantizer.TwoPieceScale;
import dev.etch.op.requantization.Average;
import dev.etch.op.requantization.DequantizeThenQuantize;
import dev.etch.op.requantization.DoubleProduct;
import dev.etch.op.requantization.FixedPoint;
import dev.etch.op.requantization.QuantizedMultiplier;
import dev.etch.op.requantization.Requantization;
import dev.etch.op.requantization.ScaleThenRound;
import dev.etch.op.requantization.ScaleThenShift;
import dev.etch.op.requantization.ShortFixedPoint;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RequantizerFitterTest {

  @Property(tries = 150)
  void everyAccumulatorOfASmallRangeIsExact(
      @ForAll @DoubleRange(min = -14, max = 2) double logScale,
      @ForAll @IntRange(min = -128, max = 127) int zeroPoint,
      @ForAll @IntRange(min = -5000, max = 5000) int constant,
      @ForAll @IntRange(min = -4000, max = 4000) int low,
      @ForAll @IntRange(min = 0, max = 6000) int width,
      @ForAll boolean relu) {
    float scale = (float) Math.pow(2, logScale);
    int least = relu ? zeroPoint : -128;
    check(problem(new ScaleThenRound(scale, zeroPoint, least, 127), constant, low, low + width));
  }

  @Property(tries = 150)
  void tiesAreExact(
      @ForAll @IntRange(min = 1, max = 31) int numerator,
      @ForAll @IntRange(min = 0, max = 10) int exponent,
      @ForAll @IntRange(min = -128, max = 127) int zeroPoint,
      @ForAll @IntRange(min = -9, max = 9) int constant) {
    float scale = (float) Math.scalb(numerator, -exponent);
    check(problem(new ScaleThenRound(scale, zeroPoint, -128, 127), constant, -1500, 1500));
  }

  @Property(tries = 150)
  void elementsBetweenQuantizationsAreExact(
      @ForAll @DoubleRange(min = -6, max = 6) double logFrom,
      @ForAll @DoubleRange(min = -6, max = 6) double logTo,
      @ForAll @IntRange(min = 0, max = 255) int zeroFrom,
      @ForAll @IntRange(min = -128, max = 127) int zeroTo) {
    Requantization staircase =
        new DequantizeThenQuantize(
            (float) Math.exp(logFrom), zeroFrom, (float) Math.exp(logTo), zeroTo, -128, 127);
    check(problem(staircase, 0, 0, 255));
  }

  @Property(tries = 60)
  void channelsOfALayerAreExact(@ForAll long seed) {
    check(layer(new Random(seed), 12, 1 << 13).toArray(ChannelProblem[]::new));
  }

  @Test
  void aPowerOfTwoNeedsOneBitAndTheTieRuleOfItsZeroPoint() {
    Scale even = (Scale) check(problem(new ScaleThenRound(1 / 64f, 4, -128, 127), 0, -9999, 9999));
    assertEquals(List.of(1L), even.multipliers());
    assertEquals(TieRule.TO_EVEN, even.tieRule());
    Scale odd = (Scale) check(problem(new ScaleThenRound(1 / 64f, 5, -128, 127), 0, -9999, 9999));
    assertEquals(TieRule.TO_ODD, odd.tieRule());
  }

  @Test
  void aZeroPointAddedBeforeRoundingLeavesTiesToEven() {
    Scale odd = (Scale) check(problem(new ScaleThenShift(1 / 64f, 5, -128, 127), 0, -9999, 9999));
    assertEquals(TieRule.TO_EVEN, odd.tieRule());
    check(problem(new ScaleThenShift(.00123f, -7, -128, 127), 0, -65025, 65025));
  }

  @Test
  void aCopyIsAnOffset() {
    Requantizer copy =
        check(problem(new DequantizeThenQuantize(.1f, 0, .1f, -128, -128, 127), 0, 0, 255));
    assertEquals(new Offset(List.of(-128L)), copy);
  }

  @Test
  void fewLevelsAreThresholds() {
    assertInstanceOf(
        Thresholds.class, check(problem(new ScaleThenRound(.01f, 0, 0, 3), 7, -1000, 1000)));
  }

  @Test
  void aConstantChannelBesideOthersIsExact() {
    check(
        problem(new ScaleThenRound(.01f, 3, -128, 127), 0, -20000, 20000),
        problem(new ScaleThenRound(.01f, 3, -128, 127), 500, 0, 0),
        problem(new ScaleThenRound(.02f, 3, -128, 127), 0, -30, 50));
  }

  /**
   * A correction of the range's last accumulator does not hide that its neighbour needs one too.
   */
  @Test
  void correctionsAtTheEndsOfTheRangeAreExact() {
    for (int start = 0; start < 100; start++) {
      check(
          problem(new Average(.16f, 8, 1, 2, -4, 3, 0), -44, start - 230, 193 + start),
          problem(new Average(.08f, 2, 1, 2, -4, 3, 0), -15, start - 220, 135 + start));
    }
  }

  @Test
  void channelsOfOneScaleShareTheMultiplier() {
    List<ChannelProblem> problems = new ArrayList<>();
    for (int c = 0; c < 20; c++) {
      problems.add(
          problem(new ScaleThenRound(.00123f, -7, -128, 127), 97L * c, -90000 - c, 80000 + 9L * c));
    }
    Scale scale = (Scale) RequantizerFitter.fit(problems);
    assertEquals(1, scale.multipliers().size());
  }

  @Test
  void sixteenBitOutputsAreExact() {
    check(problem(new ScaleThenRound(.37f, 11, -32768, 32767), 5, -900, 900));
  }

  @Test
  void sixteenBitsThatNoLineFollowsAreAFloatProduct() {
    Requantizer fitted =
        check(problem(new ScaleThenRound(.46650478f, 64, -32768, 32767), 5, -43599, 44218));
    assertInstanceOf(FloatScale.class, fitted);
  }

  /** Forty channels of 65,536 steps each. */
  @Test
  void fineFloatProductsAreNotSearched() {
    Random random = new Random(5);
    List<ChannelProblem> problems = new ArrayList<>();
    for (int c = 0; c < 40; c++) {
      float scale = .4665f + .01f * random.nextFloat();
      problems.add(
          problem(
              new ScaleThenRound(scale, 64, -32768, 32767),
              random.nextInt(1000),
              -75_000,
              75_000 + random.nextInt(1000)));
    }
    sample(assertInstanceOf(FloatScale.class, RequantizerFitter.fit(problems)), problems);
  }

  /** Of 24 channels there are few for which a line fits each. */
  @Test
  void productsThatFloatRoundsAcrossTiesAreTheirOwnForm() {
    int products = 0;
    for (int seed = 0; seed < 8; seed++) {
      Random random = new Random(seed);
      int zeroPoint = random.nextInt(256) - 128;
      List<ChannelProblem> problems = new ArrayList<>();
      for (int c = 0; c < 24; c++) {
        float scale = (1 + random.nextFloat()) / (512 << random.nextInt(3));
        long constant = random.nextInt(40_000) - 20_000;
        long reach = 300_000 + random.nextInt(100_000);
        problems.add(
            problem(new ScaleThenRound(scale, zeroPoint, -128, 127), constant, -reach, reach));
      }
      Requantizer fitted = check(problems.toArray(ChannelProblem[]::new));
      products += fitted instanceof FloatScale ? 1 : 0;
      assertEquals(fitted.apply(3, -777), fitted.repeated(2).apply(27, -777));
    }
    assertTrue(products > 4, products + " of 8");
  }

  /** Around each tie from -300 to 300: the float32 product is never on the other side. */
  @Property(tries = 20)
  void floatProductsAreExactAroundTies(
      @ForAll @IntRange(min = 1 << 23, max = (1 << 24) - 1) int significand,
      @ForAll @IntRange(min = 0, max = 12) int exponent) {
    float scale = (float) Math.scalb(significand, -exponent - 24);
    FloatScale form =
        new FloatScale(List.of(0L), List.of(2L * significand), exponent + 25, 3, -400, 400);
    Requantization definition = new ScaleThenRound(scale, 3, -400, 400);
    for (int level = -300; level < 300; level++) {
      long tie = Math.round((level + .5) / scale);
      for (long accumulator = tie - 2; accumulator <= tie + 2; accumulator++) {
        assertEquals(definition.apply(accumulator), form.apply(0, accumulator));
      }
    }
  }

  @Test
  void thresholdsAreCountedAlsoWhereTheyRepeat() {
    Requantizer jump = new Thresholds(List.of(List.of(3L, 3L, 7L)), -1);
    long[] outputs = LongStream.of(-9, 2, 3, 6, 7, 99).map(raw -> jump.apply(0, raw)).toArray();
    assertArrayEquals(new long[] {-1, -1, 1, 1, 2, 2}, outputs);
    List<List<Long>> falling = List.of(List.of(3L, 2L));
    assertThrows(IllegalArgumentException.class, () -> new Thresholds(falling, 0));
  }

  @Property(tries = 40)
  void roundingTwiceHalfAwayFromZeroIsExact(
      @ForAll @IntRange(min = 1 << 30, max = Integer.MAX_VALUE) int multiplier,
      @ForAll @IntRange(min = 5, max = 12) int shift,
      @ForAll @IntRange(min = -128, max = 127) int zeroPoint,
      @ForAll @IntRange(min = -100_000, max = 100_000) int bias) {
    long reach = 300L << shift;
    Requantizer fitted =
        check(problem(twice(multiplier, shift, zeroPoint), bias, -reach - bias, 2 * reach - bias));
    // Both roundings add half a unit, the second one takes a unit off below zero: two lines with
    // the
    // definition's own multiplier are exact, whatever it is.
    assertFalse(fitted instanceof Thresholds, "no form with multipliers");
  }

  /** With the largest shift these multipliers have 41 bits, with half of it too few. */
  @Test
  void multipliersJustAboveAPowerOfTwoHaveAForm() {
    for (int multiplier : new int[] {1_077_978_156, (1 << 30) + 1, (1 << 30) + (1 << 20)}) {
      Requantizer fitted = check(problem(twice(multiplier, 5, 7), 1_234, -12_000, 18_000));
      assertFalse(fitted instanceof Thresholds, "no form with multipliers");
    }
  }

  /** Their common shift makes the first multiplier too wide; the fitter proves what it gives. */
  @Test
  void channelsOfVeryUnequalRatiosHaveAForm() {
    List<ChannelProblem> problems =
        List.of(
            problem(new ScaleThenRound(.71234567f, 0, -128, 127), 3, -900, 900),
            problem(
                new ScaleThenRound(1.2345678e-10f, 0, -128, 127),
                0,
                -4_000_000_000_000L,
                4_000_000_000_000L));
    assertInstanceOf(Thresholds.class, RequantizerFitter.fit(problems));
  }

  @Property(tries = 20)
  void layersThatRoundTwiceAreTwoPieces(@ForAll long seed) {
    Random random = new Random(seed);
    int zeroPoint = random.nextInt(101) - 50;
    List<ChannelProblem> problems = new ArrayList<>();
    for (int c = 0; c < 16; c++) {
      int multiplier = (1 << 30) + random.nextInt(1 << 30);
      long constant = random.nextInt(40_000) - 20_000;
      int shift = 6 + random.nextInt(4);
      long reach = 200L << shift;
      problems.add(
          problem(twice(multiplier, shift, zeroPoint), constant, -reach - constant, reach));
    }
    assertInstanceOf(TwoPieceScale.class, check(problems.toArray(ChannelProblem[]::new)));
  }

  @Test
  void channelsOnOneSideOfZeroAreExactBesideTwoPieces() {
    Requantizer fitted =
        check(
            problem(twice(1_500_000_001, 7, 3), 50, -40_000, 40_000),
            problem(twice(1_700_000_003, 8, 3), 9, 100, 60_000),
            problem(twice(1_300_000_005, 6, 3), -9, -30_000, -100),
            problem(twice(1_300_000_005, 6, 3), 70_000, 0, 0));
    assertInstanceOf(TwoPieceScale.class, fitted);
    assertEquals(fitted.apply(1, 777), fitted.repeated(2).apply(5, 777));
  }

  @Test
  void theSplitIsWhereTheInputsZeroPointIs() {
    Requantization staircase =
        new FixedPoint(900, new QuantizedMultiplier(1_234_567_891, -6), 0, -128, 127);
    assertInstanceOf(TwoPieceScale.class, check(problem(staircase, 0, -15_000, 15_000)));
  }

  @Test
  void roundestNumbersHaveMostZerosAtTheirEnd() {
    assertEquals(-4096, TwoPieceSearch.roundest(new Interval(-5000, -3000)));
    assertEquals(0, TwoPieceSearch.roundest(new Interval(-5000, 3)));
    assertEquals(7, TwoPieceSearch.roundest(new Interval(7, 7)));
    assertEquals(96, TwoPieceSearch.roundest(new Interval(65, 127)));
  }

  /** TFLite's rounding of the high half of a product, then half away from zero. */
  private static Requantization twice(int multiplier, int shift, int zeroPoint) {
    return new FixedPoint(0, new QuantizedMultiplier(multiplier, -shift), zeroPoint, -128, 127);
  }

  /** 65,536 steps a channel: the form follows from the definition, without a look at each. */
  @Test
  void fineStaircasesAreTheirOwnForm() {
    Random random = new Random(7);
    List<ChannelProblem> once = new ArrayList<>();
    List<ChannelProblem> twice = new ArrayList<>();
    for (int c = 0; c < 300; c++) {
      int multiplier = 1 << 30 | random.nextInt(1 << 30);
      Interval raw = new Interval(-(1L << 30) - c, (1L << 31) - 1);
      int shift = 13 + random.nextInt(4);
      Requantization single =
          ShortFixedPoint.of(
              random.nextLong() >> 22,
              new QuantizedMultiplier(multiplier, -shift),
              0,
              Short.MIN_VALUE,
              Short.MAX_VALUE);
      once.add(new ChannelProblem(single, random.nextInt(1000), raw));
      Requantization doubled =
          new FixedPoint(0, new QuantizedMultiplier(multiplier, -shift), 0, 0, Short.MAX_VALUE);
      twice.add(new ChannelProblem(doubled, -random.nextInt(1000), raw));
    }
    sample(assertInstanceOf(Scale.class, RequantizerFitter.fit(once)), once);
    sample(assertInstanceOf(TwoPieceScale.class, RequantizerFitter.fit(twice)), twice);
    assertTrue(RequantizerFitter.fitMultiplier(once).isEmpty());
  }

  /** Slopes between the steps' bounds, from the definition's own arithmetic in double precision. */
  @Test
  void fineProductsInDoublePrecisionHaveASlope() {
    Random random = new Random(9);
    List<ChannelProblem> problems = new ArrayList<>();
    for (int c = 0; c < 40; c++) {
      // Powers of two have ties, which go away from zero.
      double scale = Math.scalb(c % 4 == 0 ? 1 : 1 + random.nextDouble(), -14 - random.nextInt(3));
      long bias = random.nextLong() >> 36;
      Requantization staircase =
          new DoubleProduct(bias, scale, 0, Short.MIN_VALUE, Short.MAX_VALUE);
      Interval raw = new Interval(-(1L << 27) - c, 1L << (20 + random.nextInt(12)));
      problems.add(new ChannelProblem(staircase, random.nextInt(1000), raw));
    }
    Requantizer form = RequantizerFitter.fit(problems);
    assertInstanceOf(BiasedScale.class, form);
    for (int c = 0; c < problems.size(); c++) {
      everyStep(problems.get(c), form, c);
    }
  }

  private static void everyStep(ChannelProblem problem, Requantizer form, int channel) {
    double scale = problem.staircase().ratio();
    for (int level = Short.MIN_VALUE; level <= Short.MAX_VALUE; level++) {
      long step = Math.round((level - 0.5) / scale) + problem.staircase().zero();
      for (long total = step - 2; total <= step + 2; total++) {
        long raw = total - problem.constant();
        if (problem.raw().contains(raw)) {
          assertEquals(problem.apply(raw), form.apply(channel, raw));
        }
      }
    }
  }

  @Test
  void productsInDoublePrecisionOfEightBits() {
    Random random = new Random(10);
    for (int i = 0; i < 20; i++) {
      double scale = Math.scalb(i % 4 == 0 ? 1 : 1 + random.nextDouble(), -8);
      check(
          problem(
              new DoubleProduct(0, scale, random.nextInt(256) - 128, -128, 127),
              random.nextInt(1000),
              -60_000,
              60_000));
    }
  }

  private static void sample(Requantizer form, List<ChannelProblem> problems) {
    Random random = new Random(8);
    for (int c = 0; c < problems.size(); c++) {
      for (int i = 0; i < 300; i++) {
        long raw = i < 100 ? i - 50 - problems.get(c).constant() : random.nextInt();
        assertEquals(problems.get(c).apply(raw), form.apply(c, raw));
      }
    }
  }

  /**
   * Many channels of one scale: one offset for all, and the bias of each in front. Where biases go
   * far, that may take a multiplier that costs more than the memory.
   */
  @Test
  void channelsOfOneScaleShareALine() {
    int shared = 0;
    for (int seed = 0; seed < 20; seed++) {
      ChannelProblem[] problems = ofOneScale(new Random(seed), 300);
      Requantizer fitted = check(problems);
      if (fitted instanceof SharedScale line) {
        assertEquals(line.apply(7, 55), line.repeated(2).apply(307, 55));
        shared++;
      }
      Requantizer few = check(Arrays.copyOf(problems, 8));
      assertFalse(few instanceof SharedScale, "an adder for a memory of 8 words");
    }
    assertTrue(shared >= 12, shared + " of 20 share a line");
  }

  private static ChannelProblem[] ofOneScale(Random random, int channels) {
    float scale = (1 + random.nextFloat()) / (16 << random.nextInt(3));
    int zeroPoint = random.nextInt(256) - 128;
    int low = random.nextBoolean() ? zeroPoint : -128;
    ChannelProblem[] problems = new ChannelProblem[channels];
    for (int c = 0; c < channels; c++) {
      problems[c] =
          problem(
              new ScaleThenRound(scale, zeroPoint, low, 127),
              random.nextInt(4000) - 2000,
              -random.nextInt(2000),
              random.nextInt(2000));
    }
    return problems;
  }

  @Test
  void fiveHundredChannelsGetMultipliers() {
    Requantizer fitted = RequantizerFitter.fit(layer(new Random(1), 500, 1 << 17));
    assertFalse(fitted instanceof Thresholds, "no form with multipliers");
  }

  /** Scales 30 times apart: the largest would need more bits than a DSP block's multiplier has. */
  @Test
  void channelsOfDifferentScaleShareAShortMultiplier() {
    List<ChannelProblem> problems = new ArrayList<>();
    int[] multipliers = {1104211871, 1912743309, 2101923311, 1310720001};
    for (int c = 0; c < 40; c++) {
      Requantization staircase = twice(multipliers[c % 4] + 7919 * c, 6 + c % 5, -128);
      problems.add(problem(staircase, 31L * c - 900, -40000 - 17 * c, 70000 - 900L * c));
    }
    problems.add(problem(twice(1912743309, 12, -128), -60000, -40000, 21000)); // nearly always -128
    problems.add(problem(twice(1912743309, 8, -128), 1_000_000, -40000, 21000)); // always 127
    CentredScale form = RequantizerFitter.fitMultiplier(problems).orElseThrow();
    check(form, problems.toArray(ChannelProblem[]::new));
    assertTrue(Target.XC7.computes(form), form.toString());
    assertFalse(Target.GENERIC.computes(form), "a target without DSP blocks");
    check(form.repeated(2), problems.toArray(ChannelProblem[]::new));
  }

  @Test
  void oneScaleForAllChannelsNeedsNoMultiplier() {
    List<ChannelProblem> problems = new ArrayList<>();
    for (int c = 0; c < 9; c++) {
      problems.add(
          problem(new ScaleThenRound(.00123f, -7, -128, 127), 97L * c, -90000 - c, 80000 + 9L * c));
    }
    assertTrue(RequantizerFitter.fitMultiplier(problems).isEmpty());
  }

  /** A layer with scales as trained networks have them: within a factor of 16 of each other. */
  static List<ChannelProblem> layer(Random random, int channels, int reach) {
    int zeroPoint = random.nextInt(256) - 128;
    List<ChannelProblem> problems = new ArrayList<>();
    for (int c = 0; c < channels; c++) {
      float scale = (float) (Math.exp(random.nextDouble() * 2.7) * 128 / reach);
      int constant = random.nextInt(reach / 4) - reach / 8;
      int low = -random.nextInt(reach);
      problems.add(
          problem(
              new ScaleThenRound(scale, zeroPoint, -128, 127),
              constant,
              low,
              random.nextInt(reach)));
    }
    return problems;
  }

  private static ChannelProblem problem(
      Requantization staircase, long constant, long low, long high) {
    return new ChannelProblem(staircase, constant, new Interval(low, high));
  }

  private static Requantizer check(ChannelProblem... problems) {
    Requantizer fitted = RequantizerFitter.fit(List.of(problems));
    check(fitted, problems);
    RequantizerFitter.fitMultiplier(List.of(problems)).ifPresent(form -> check(form, problems));
    return fitted;
  }

  private static void check(Requantizer fitted, ChannelProblem... problems) {
    for (int c = 0; c < problems.length; c++) {
      for (long raw = problems[c].raw().low(); raw <= problems[c].raw().high(); raw++) {
        if (problems[c].apply(raw) != fitted.apply(c, raw)) {
          fail("channel " + c + " differs at " + raw + " in " + fitted);
        }
      }
    }
  }
}
