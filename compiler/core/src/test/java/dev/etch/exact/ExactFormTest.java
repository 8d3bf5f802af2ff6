// SPDX-License-Identifier: Apache-2.0
package dev.etch.exact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import dev.etch.hardware.Sum;
import dev.etch.hardware.arithmetic.TieRule;
import dev.etch.hardware.requantizer.Requantizer;
import dev.etch.hardware.requantizer.Scale;
import dev.etch.hardware.requantizer.Thresholds;
import dev.etch.op.requantization.ExactAccumulation;
import dev.etch.op.requantization.ExactSum;
import dev.etch.op.requantization.FloatAccumulation;
import dev.etch.op.requantization.Requantization;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Staircases of 16 bits: against decimal arithmetic, and their hardware forms against them. */
class ExactFormTest {
  private static final Interval RAW = new Interval(-(1L << 28), 1L << 28);
  private static final Duration SOON = Duration.ofSeconds(20);

  private static FloatAccumulation layer(float weightScale, float bias, int zeroPoint) {
    return new FloatAccumulation(
        0x1p-14f, weightScale, bias, 1, 3e-4f, zeroPoint, 0, (1 << 16) - 1);
  }

  @Test
  void theExactSumIsRoundedOnce() {
    Random random = new Random(1);
    for (int i = 0; i < 300; i++) {
      FloatAccumulation layer =
          layer(0.001f * (1 + random.nextFloat()), random.nextFloat(), random.nextInt(1 << 16));
      Requantization exact = ExactAccumulation.of(List.of(layer)).get(0);
      int accumulator = random.nextInt(1 << 22) - (1 << 21);
      BigDecimal result =
          new BigDecimal(accumulator)
              .multiply(new BigDecimal(layer.inputScale()))
              .multiply(new BigDecimal(layer.weightScale()))
              .add(new BigDecimal(layer.bias()))
              .divide(new BigDecimal(layer.outputScale()), 20, RoundingMode.HALF_EVEN);
      long rounded = result.setScale(0, RoundingMode.HALF_EVEN).longValueExact();
      long wanted = Math.max(0, Math.min((1 << 16) - 1, rounded + layer.zeroPoint()));
      assertEquals(wanted, exact.apply(accumulator), layer + " of " + accumulator);
    }
  }

  @Test
  void tiesOfPowersOfTwoGoToEvenResultsBeforeTheZeroPoint() {
    for (int zeroPoint : new int[] {30_000, 30_001}) {
      FloatAccumulation layer =
          new FloatAccumulation(0x1p-3f, 0x1p-3f, 0, 1, 0x1p-4f, zeroPoint, 0, (1 << 16) - 1);
      List<Requantization> exact = ExactAccumulation.of(List.of(layer));
      Scale form = assertInstanceOf(Scale.class, RequantizerFitter.fit(problems(exact)));
      assertEquals(zeroPoint % 2 == 0 ? TieRule.TO_EVEN : TieRule.TO_ODD, form.tieRule());
      assertEquals(List.of(1L), form.multipliers());
      for (int accumulator = -50; accumulator <= 50; accumulator++) {
        assertEquals(layer.apply(accumulator), exact.get(0).apply(accumulator));
        assertEquals(layer.apply(accumulator), form.apply(0, accumulator));
      }
    }
  }

  @Test
  void manyChannelsTakeNoTime() {
    Random random = new Random(2);
    List<FloatAccumulation> layers = new ArrayList<>();
    for (int c = 0; c < 512; c++) {
      layers.add(layer(0.0001f + random.nextFloat() / 64, random.nextFloat(), 32_768));
    }
    List<Requantization> exact = ExactAccumulation.of(layers);
    Requantizer form = assertTimeout(SOON, () -> RequantizerFitter.fit(problems(exact)));
    for (int i = 0; i < 100_000; i++) {
      int channel = random.nextInt(exact.size());
      long raw = RAW.low() + (long) (random.nextDouble() * (RAW.high() - RAW.low()));
      assertEquals(exact.get(channel).apply(raw + channel), form.apply(channel, raw));
    }
  }

  /** No form follows float32's roundings of 65,536 levels: the first channel tells. */
  @Test
  void whatHasNoFormIsFoundOutSoon() {
    List<Requantization> channels = new ArrayList<>();
    for (int c = 0; c < 256; c++) {
      channels.add(layer(0.003f + c * 1e-5f, 0, 32_768));
    }
    Requantizer form = assertTimeout(SOON, () -> RequantizerFitter.fit(problems(channels)));
    assertInstanceOf(Thresholds.class, form);
  }

  private static List<ChannelProblem> problems(List<Requantization> channels) {
    List<ChannelProblem> problems = new ArrayList<>();
    for (int c = 0; c < channels.size(); c++) {
      problems.add(new ChannelProblem(channels.get(c), c, RAW));
    }
    return problems;
  }

  @Test
  void sumsAreTheirOwnForm() {
    Random random = new Random(3);
    for (int i = 0; i < 2_000; i++) {
      int shift = 1 + random.nextInt(30);
      ExactSum sum =
          new ExactSum(
              random.nextInt(1 << 20),
              random.nextInt(1 << 16),
              random.nextInt(4) << random.nextInt(20),
              random.nextInt(1 << 16),
              shift,
              0,
              random.nextInt(1 << 16),
              0,
              (1 << 16) - 1);
      Interval operand = new Interval(0, (1 << 16) - 1);
      Sum form = SumFitter.fit(sum, operand, operand).orElseThrow();
      for (int j = 0; j < 50; j++) {
        int left = random.nextInt(1 << 16);
        int right = random.nextInt(1 << 16);
        assertEquals(sum.apply(left, right), form.apply(left, right), sum.toString());
      }
    }
  }
}
