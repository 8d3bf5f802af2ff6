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
      optimizer.step(parameters, parameters.copy(), rate);
    }
    assertArrayEquals(new float[] {0, 0}, values, 1e-3f);
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
