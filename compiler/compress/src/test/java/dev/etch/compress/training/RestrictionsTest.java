// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.compress.network.Parameters;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Restrictions behind each other. */
class RestrictionsTest {
  /** What is above a limit is the limit. */
  private record Limit(float most) implements Restriction {
    @Override
    public float[] restrict(float[] values) {
      float[] result = values.clone();
      for (int i = 0; i < result.length; i++) {
        result[i] = Math.min(most, result[i]);
      }
      return result;
    }

    @Override
    public float[] gradient(float[] values, float[] gradient) {
      float[] result = gradient.clone();
      for (int i = 0; i < result.length; i++) {
        result[i] = values[i] > most ? 0 : result[i];
      }
      return result;
    }
  }

  /** Twice the values. */
  private record Twice() implements Restriction {
    @Override
    public float[] restrict(float[] values) {
      return new float[] {2 * values[0], 2 * values[1]};
    }

    @Override
    public float[] gradient(float[] values, float[] gradient) {
      return new float[] {2 * gradient[0], 2 * gradient[1]};
    }
  }

  private static final Parameters FREE = new Parameters(Map.of("w", new float[] {1, 3}));
  private static final Parameters ONES = new Parameters(Map.of("w", new float[] {1, 1}));

  @Test
  void eachRestrictsWhatTheOneBeforeAllows() {
    Restrictions both = Restrictions.NONE.with("w", new Twice()).with("w", new Limit(5));
    assertArrayEquals(new float[] {2, 5}, both.restrict(FREE).get("w"));
    assertArrayEquals(new float[] {2, 0}, both.gradients(FREE, ONES).get("w"));
    Restrictions other = Restrictions.NONE.with("w", new Limit(5)).with("w", new Twice());
    assertArrayEquals(new float[] {2, 6}, other.restrict(FREE).get("w"));
    assertArrayEquals(new float[] {2, 2}, other.gradients(FREE, ONES).get("w"));
  }

  @Test
  void thereIsOneOfAKind() {
    Restrictions twice = Restrictions.NONE.with("w", new Limit(5)).with("w", new Limit(2));
    assertEquals(new Limit(2), twice.find("w", Limit.class).orElseThrow());
    assertEquals(1, twice.of("w").size());
    assertTrue(twice.without(Limit.class).of("w").isEmpty());
    assertTrue(twice.of("other").isEmpty());
  }
}
