// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.quantize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.etch.op.Quantization;
import org.junit.jupiter.api.Test;

/** Weights of two and three values. */
class SignsTest {
  private static final float[] VALUES = {1, -3, 0, 2, 0.1f, -0.1f, 0.4f, 0.4f};

  @Test
  void binaryWeightsAreTheMeanMagnitude() {
    float[] two = new Signs(Signs.Kind.BINARY, 2).restrict(VALUES);
    assertArrayEquals(new float[] {2, -2, 0, 2, 0.25f, -0.25f, 0.25f, 0.25f}, two);
    float[] one = new Signs(Signs.Kind.BINARY, 1).restrict(VALUES);
    assertEquals(1, one[0]);
    assertEquals(0, one[2], "what is masked stays zero");
  }

  /** The mean of the second channel is 0.25, and 0.7 of it above 0.1. */
  @Test
  void ternaryWeightsAreTheMeanOfTheLarge() {
    float[] values = new Signs(Signs.Kind.TERNARY, 2).restrict(VALUES);
    assertArrayEquals(new float[] {0, -2.5f, 0, 2.5f, 0, 0, 0.4f, 0.4f}, values);
  }

  @Test
  void theirIntegersStandForExactlyThem() {
    for (Signs.Kind kind : Signs.Kind.values()) {
      Signs signs = new Signs(kind, 2);
      float[] allowed = signs.restrict(VALUES);
      Quantization quantization = signs.quantization(allowed);
      assertEquals(2, quantization.type().bits());
      for (int i = 0; i < allowed.length; i++) {
        int integer = WeightScale.quantize(allowed[i], quantization, i / 4);
        assertEquals(Math.signum(allowed[i]), integer);
        assertEquals(allowed[i], quantization.dequantize(integer, i / 4));
      }
      assertArrayEquals(allowed, signs.restrict(allowed), 1e-6f);
    }
  }

  @Test
  void gradientsPassUnlessTheyLeadFurtherAway() {
    float[] values = {1, 1, 1, 1, 1, 1, 1, 100, 0};
    float[] gradient = {-1, 1, -1, 1, -1, 1, -1, -1, -1};
    float[] passed = new Signs(Signs.Kind.BINARY, 1).gradient(values, gradient);
    assertArrayEquals(new float[] {-1, 1, -1, 1, -1, 1, -1, 0, 0}, passed);
    gradient[7] = 1;
    assertEquals(1, new Signs(Signs.Kind.BINARY, 1).gradient(values, gradient)[7]);
  }
}
