// SPDX-License-Identifier: Apache-2.0
package dev.etch.exact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import dev.etch.graph.GraphBuilder;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.hardware.requantizer.LoadedFixedPoint;
import dev.etch.op.Requantize;
import dev.etch.op.requantization.DoubleProduct;
import dev.etch.op.requantization.FixedPoint;
import dev.etch.op.requantization.QuantizedMultiplier;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LoadedFixedPointTest {
  private static final Interval REACHED = new Interval(-200_000, 150_000);

  private static Node node() {
    GraphBuilder builder = new GraphBuilder("loaded");
    Value input = builder.input("sum", new TensorType(IntegerType.INT32, Shape.of(1, 3)));
    FixedPoint one = new FixedPoint(0, QuantizedMultiplier.of(0.01), 0, -128, 127);
    Requantize operator = new Requantize(List.of(one), 1, IntegerType.INT8);
    builder.output(builder.add("scores", operator, Location.option("test"), input));
    return builder.build().nodes().get(0);
  }

  private static LoadedFixedPoint fit(List<ChannelProblem> problems) {
    return (LoadedFixedPoint)
        LoadedScaleFitter.fit(node(), problems, new Headroom(0)).orElseThrow();
  }

  /**
   * Every sum near a step and far from it, above zero and below, with and without a second
   * rounding.
   */
  @Test
  void isTheDefinition() {
    Random random = new Random(3);
    for (int i = 0; i < 200; i++) {
      List<ChannelProblem> problems = new ArrayList<>();
      for (int c = 0; c < 3; c++) {
        // From four down to a thousandth: shifts to the left, none, and to the right.
        double real = Math.scalb(0.5 + random.nextDouble() / 2, 2 - random.nextInt(12));
        FixedPoint channel =
            new FixedPoint(random.nextInt(9), QuantizedMultiplier.of(real), -5, -128, 127);
        problems.add(new ChannelProblem(channel, random.nextInt(4001) - 2000, REACHED));
      }
      LoadedFixedPoint form = fit(problems);
      for (int c = 0; c < 3; c++) {
        for (int j = 0; j < 3000; j++) {
          long raw = random.nextInt(j % 2 == 0 ? 3000 : 350_000) - (j % 2 == 0 ? 1500 : 200_000);
          assertEquals(problems.get(c).apply(raw), form.apply(c, raw), form + " of " + raw);
        }
      }
    }
  }

  /** Where both roundings meet: products whose first rounding ends on a half. */
  @Test
  void roundsTwice() {
    for (int shift = 0; shift < 8; shift++) {
      for (int multiplier : new int[] {1 << 30, (1 << 30) + 1, Integer.MAX_VALUE, 3 << 29}) {
        FixedPoint channel =
            new FixedPoint(0, new QuantizedMultiplier(multiplier, -shift), 0, -128, 127);
        ChannelProblem problem = new ChannelProblem(channel, 0, new Interval(-40_000, 40_000));
        LoadedFixedPoint form = fit(List.of(problem));
        for (long raw = -40_000; raw <= 40_000; raw++) {
          assertEquals(problem.apply(raw), form.apply(0, raw), form + " of " + raw);
        }
      }
    }
  }

  @Test
  void isTheProductOfDoubles() {
    Random random = new Random(5);
    for (int i = 0; i < 200; i++) {
      double scale = Math.scalb(0.5 + random.nextDouble() / 2, 1 - random.nextInt(14));
      long bias = random.nextInt(1 << 20) - (1L << 19) + (i % 10 == 0 ? 1L << 40 : 0);
      DoubleProduct channel = new DoubleProduct(bias, scale, 3, -128, 127);
      Interval around = new Interval(-bias - 300_000, -bias + 300_000);
      ChannelProblem problem = new ChannelProblem(channel, 0, around);
      LoadedFixedPoint form = fit(List.of(problem));
      for (int j = 0; j < 3000; j++) {
        long raw = random.nextInt(600_001) - 300_000 - bias;
        assertEquals(problem.apply(raw), form.apply(0, raw), form + " of " + raw);
      }
    }
  }

  @Test
  void channelsMayBeDead() {
    FixedPoint dead = new FixedPoint(0, new QuantizedMultiplier(1_234_567_890, -30), 3, -128, 127);
    FixedPoint alive = new FixedPoint(0, QuantizedMultiplier.of(0.01), 3, -128, 127);
    LoadedFixedPoint form =
        fit(List.of(new ChannelProblem(dead, 5, REACHED), new ChannelProblem(alive, 5, REACHED)));
    for (long raw = REACHED.low(); raw <= REACHED.high(); raw += 7) {
      assertEquals(3, form.apply(0, raw));
      assertEquals(alive.apply(raw + 5), form.apply(1, raw));
    }
  }

  @Test
  void multipliersStayWithinALong() {
    FixedPoint small = new FixedPoint(0, new QuantizedMultiplier(1 << 30, -20), 0, -128, 127);
    FixedPoint large = new FixedPoint(0, new QuantizedMultiplier(1 << 30, 9), 0, -128, 127);
    List<ChannelProblem> problems =
        List.of(new ChannelProblem(small, 0, REACHED), new ChannelProblem(large, 0, REACHED));
    DiagnosticException refused = assertThrows(DiagnosticException.class, () -> fit(problems));
    assertTrue(refused.getMessage().contains("more than 62 bits"), refused.getMessage());
  }
}
