// SPDX-License-Identifier: Apache-2.0
package dev.etch.exact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import dev.etch.op.requantization.FixedPointSum;
import dev.etch.op.requantization.FloatSum;
import dev.etch.op.requantization.QuantizedMultiplier;
import dev.etch.op.requantization.RealQuantizer;
import dev.etch.op.requantization.RealSum;
import dev.etch.op.requantization.SumRequantization;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Sums of 16-bit operands, step by step, against TFLite's definition. */
class StagedSumTest {
  private static final Interval INT16 = new Interval(Short.MIN_VALUE, Short.MAX_VALUE);
  private static final Location HERE = Location.node("model.onnx", "add", "Add");
  private static final int SAMPLES = 20_000;

  @Property(tries = 30)
  void stepsGiveTheSum(@ForAll long seed, @ForAll boolean subtracts) {
    Random random = new Random(seed);
    double ratio = Math.exp(-4 * random.nextDouble());
    boolean leftIsLarger = random.nextBoolean();
    QuantizedMultiplier half = QuantizedMultiplier.of(0.5);
    QuantizedMultiplier smaller = QuantizedMultiplier.of(0.5 * ratio);
    FixedPointSum definition =
        new FixedPointSum(
            0,
            leftIsLarger ? half : smaller,
            0,
            leftIsLarger ? smaller : half,
            subtracts,
            15,
            QuantizedMultiplier.of(Math.scalb(0.1 + 2 * random.nextDouble(), -14)),
            0,
            Short.MIN_VALUE,
            Short.MAX_VALUE);
    StagedSum staged = check(definition, random);
    Optional<StagedSum.Product> exact = leftIsLarger ? staged.left() : staged.right();
    assertTrue(exact.isEmpty(), "the operand of the larger scale is shifted by the sum itself");
  }

  /** The kernel for scales that are powers of two: a shift with ties away from zero. */
  @Test
  void shiftedOperandsAreSteps() {
    FixedPointSum definition =
        new FixedPointSum(
            0,
            new QuantizedMultiplier(1 << 30, 0),
            0,
            new QuantizedMultiplier(1 << 30, -3),
            false,
            1,
            QuantizedMultiplier.ONE,
            0,
            Short.MIN_VALUE,
            Short.MAX_VALUE);
    assertEquals(5 - 1, definition.apply(5, -4));
    assertEquals(5 + 1, definition.apply(5, 4));
    check(definition, new Random(1));
  }

  /** Found among sums with scales of one digit: many pairs are at ties, or next to them. */
  @Test
  void aSumWhoseRoundingsNoNumbersFollowIsATableOfPairs() {
    Interval int8 = new Interval(-128, 127);
    SumRequantization real =
        new RealSum(
            .5f,
            -70,
            .6f,
            -50,
            List.of(),
            new RealQuantizer.Linear(.2f, -99, -128, 127),
            -128,
            127);
    Interval narrower = new Interval(-100, 99);
    assertTrue(SumFitter.fit(real, int8, narrower).isEmpty());
    StagedSum staged = SumFitter.fitStages(real, int8, narrower, HERE);
    for (int left = -128; left <= 127; left++) {
      for (int right = -100; right <= 99; right++) {
        long pair = staged.sum().apply(left, right);
        assertTrue(staged.sumRange().contains(pair));
        assertEquals(real.apply(left, right), staged.output().apply(0, pair));
      }
    }
  }

  @Test
  void pairsOfMoreThanSixteenBitsAreADiagnostic() {
    Interval wide = new Interval(-129, 127);
    SumRequantization sum = new FloatSum(1, 0, 1, 0, 2, 0, -128, 127);
    assertThrows(DiagnosticException.class, () -> SumFitter.fitStages(sum, wide, wide, HERE));
  }

  private static StagedSum check(FixedPointSum definition, Random random) {
    StagedSum staged = SumFitter.fitStages(definition, INT16, INT16, HERE);
    for (int i = 0; i < SAMPLES; i++) {
      int left = random.nextInt(1 << 16) + Short.MIN_VALUE;
      int right = i % 100 == 0 ? Short.MIN_VALUE : random.nextInt(1 << 16) + Short.MIN_VALUE;
      long sum = staged.sum().apply(through(staged.left(), left), through(staged.right(), right));
      assertTrue(staged.sumRange().contains(sum));
      assertEquals(definition.apply(left, right), staged.output().apply(0, sum));
    }
    return staged;
  }

  private static int through(Optional<StagedSum.Product> product, int operand) {
    if (product.isEmpty()) {
      return operand;
    }
    long result = product.get().requantizer().apply(0, operand);
    assertTrue(product.get().range().contains(result));
    return Math.toIntExact(result);
  }
}
