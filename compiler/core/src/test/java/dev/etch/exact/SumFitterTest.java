// SPDX-License-Identifier: Apache-2.0
package dev.etch.exact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import dev.etch.hardware.Sum;
import dev.etch.hardware.arithmetic.TieRule;
import dev.etch.op.requantization.FloatSum;
import dev.etch.op.requantization.SumRequantization;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class SumFitterTest {
  private static final Location HERE = Location.node("model.onnx", "add", "Add");
  private static final Interval INT8 = new Interval(-128, 127);

  @Property(tries = 40)
  void everyPairOfRandomSumsIsExact(@ForAll long seed) {
    check(random(new Random(seed)), INT8, INT8);
  }

  @Test
  void tablesSolveWhatTheyAreGiven() {
    for (int seed = 0; seed < 5; seed++) {
      FloatSum definition = random(new Random(seed));
      SumTable table = SumTable.of(definition, INT8, INT8);
      Optional<Sum> sum = new TableSolver(table, 16, TieRule.NONE).solve();
      assertTrue(sum.isPresent(), definition.toString());
      compare(definition, sum.get(), INT8, INT8);
    }
  }

  @Test
  void halvesNeedTheTieRule() {
    Sum sum = check(new FloatSum(1, 0, 1, 0, 2, 1, -128, 127), INT8, INT8);
    assertEquals(TieRule.TO_EVEN, assertInstanceOf(Sum.Linear.class, sum).tieRule());
  }

  @Test
  void unequalRangesAreExact() {
    check(
        new FloatSum(.1f, 3, .02f, 128, .07f, 0, 0, 255),
        new Interval(3, 90),
        new Interval(0, 255));
  }

  @Test
  void tooManyPairsAreADiagnostic() {
    Interval wide = new Interval(-32768, 32767);
    FloatSum sum = new FloatSum(1, 0, 1, 0, 2, 0, -32768, 32767);
    assertTrue(SumFitter.fit(sum, wide, wide).isEmpty());
    DiagnosticException refused =
        assertThrows(DiagnosticException.class, () -> SumFitter.fitStages(sum, wide, wide, HERE));
    assertTrue(refused.getMessage().contains("'add'"), refused.getMessage());
  }

  private static FloatSum random(Random random) {
    return new FloatSum(
        (float) Math.exp(random.nextDouble() * 4 - 2),
        random.nextInt(256) - 128,
        (float) Math.exp(random.nextDouble() * 4 - 2),
        random.nextInt(256) - 128,
        (float) Math.exp(random.nextDouble() * 4 - 2),
        random.nextInt(256) - 128,
        -128,
        127);
  }

  private static Sum check(SumRequantization definition, Interval left, Interval right) {
    Sum sum = SumFitter.fit(definition, left, right).orElseThrow();
    compare(definition, sum, left, right);
    return sum;
  }

  private static void compare(
      SumRequantization definition, Sum sum, Interval left, Interval right) {
    for (int l = (int) left.low(); l <= left.high(); l++) {
      for (int r = (int) right.low(); r <= right.high(); r++) {
        if (definition.apply(l, r) != sum.apply(l, r)) {
          assertEquals(definition.apply(l, r), sum.apply(l, r), l + " + " + r + " in " + sum);
        }
      }
    }
  }
}
