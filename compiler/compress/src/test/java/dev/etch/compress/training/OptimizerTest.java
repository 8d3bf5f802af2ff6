// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.etch.compress.network.Parameters;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Steps of optimizers. */
class OptimizerTest {
  /** The first step of Adam is the rate, whatever the gradient's size. */
  @Test
  void firstStepsOfAdam() {
    float[] values = {1, 1, 1};
    Parameters parameters = new Parameters(Map.of("w", values));
    Optimizer adam = Optimizer.Kind.ADAM.of(parameters);
    adam.step(parameters, new Parameters(Map.of("w", new float[] {1e-3f, -50, 0})), 0.1f);
    assertArrayEquals(new float[] {0.9f, 1.1f, 1}, values, 1e-4f);
  }

  /** Layers of thousandths and of ones move by the same part of themselves; zeros move, too. */
  @Test
  void scaledStepsFollowTheMagnitudeOfEachArray() {
    float[] small = {3e-3f, 4e-3f};
    float[] large = {3, 4};
    float[] zeros = {0, 0};
    Parameters parameters = new Parameters(Map.of("s", small, "l", large, "z", zeros));
    Parameters gradients =
        new Parameters(
            Map.of("s", new float[] {1, 1}, "l", new float[] {1, 1}, "z", new float[] {1, 1}));
    Optimizer.Kind.SCALED_ADAM.of(parameters).step(parameters, gradients, 0.1f);
    // Root mean squares of sqrt(12.5), times 0.1.
    assertArrayEquals(new float[] {2.6464e-3f, 3.6464e-3f}, small, 1e-7f);
    assertArrayEquals(new float[] {2.6464f, 3.6464f}, large, 1e-4f);
    assertArrayEquals(new float[] {-1e-4f, -1e-4f}, zeros, 1e-8f);
  }

  /** Velocities 1, 1.9, 2.71. */
  @Test
  void momentumGrows() {
    float[] values = {0};
    Parameters parameters = new Parameters(Map.of("w", values));
    Optimizer momentum = Optimizer.Kind.MOMENTUM.of(parameters);
    for (int i = 0; i < 3; i++) {
      momentum.step(parameters, new Parameters(Map.of("w", new float[] {1})), 1);
    }
    assertEquals(-5.61f, values[0], 1e-5f);
  }

  @ParameterizedTest
  @EnumSource(Optimizer.Kind.class)
  void aBowlHasItsMinimum(Optimizer.Kind kind) {
    float[] values = {4, -2};
    Parameters parameters = new Parameters(Map.of("w", values));
    Optimizer optimizer = kind.of(parameters);
    for (int i = 0; i < 2000; i++) {
      float rate = (float) (0.05 * Schedule.COSINE.factor(i / 2000.0));
      Parameters gradients =
          new Parameters(Map.of("w", new float[] {values[0] - 1, values[1] + 3}));
      optimizer.step(parameters, gradients, rate);
    }
    assertArrayEquals(new float[] {1, -3}, values, 1e-3f);
  }

  @Test
  void ratesFall() {
    assertEquals(1, Schedule.COSINE.factor(0), 1e-12);
    assertEquals(0.5, Schedule.COSINE.factor(0.5), 1e-12);
    assertEquals(0, Schedule.COSINE.factor(1), 1e-12);
    assertEquals(1, Schedule.CONSTANT.factor(0.9), 1e-12);
    assertEquals(0.1, Schedule.STEPS.factor(0.6), 1e-12);
  }
}
