// SPDX-License-Identifier: Apache-2.0
package dev.etch.compressed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Weights survive their code, and what is counted is what is there. */
class SparseCodeTest {
  @Test
  void everyDistanceGivesTheWeightsBack() {
    for (long seed = 0; seed < 40; seed++) {
      int[] weights = random(seed);
      for (int bits = 0; bits <= 12; bits++) {
        SparseCode code = SparseCode.withDistances(bits, weights);
        assertArrayEquals(weights, SparseCode.decode(code.bytes(), weights.length), "bits " + bits);
      }
    }
  }

  @Test
  void theBestDistanceIsChosen() {
    int[] weights = random(3);
    int best = SparseCode.of(weights).bytes().length;
    for (int bits = 0; bits <= 12; bits++) {
      assertTrue(best <= SparseCode.withDistances(bits, weights).bytes().length);
    }
  }

  /** Three zeros fit a distance of two bits; of five, the fourth is stored. */
  @Test
  void longRunsOfZerosAreStored() {
    SparseCode code = SparseCode.withDistances(2, 0, 0, 0, 7, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0);
    assertEquals(3, code.stored());
    assertEquals(3, code.values());
    assertEquals(2, SparseCode.withDistances(3, 0, 0, 0, 7, 0, 0, 0, 0, 0, 5).stored());
  }

  @Test
  void countedBitsAreThere() {
    int[] weights = random(5);
    SparseCode code = SparseCode.withDistances(4, weights);
    long header = 4 + 5 + 16 + 32;
    long tables = 4L * code.values() + 4 * 16;
    long width = 8;
    long bits =
        header + tables + width * code.values() + code.weightCodeBits() + code.distanceCodeBits();
    assertEquals((bits + 7) / 8, code.bytes().length);
  }

  @Test
  void emptyAndUniformLayers() {
    assertArrayEquals(new int[9], SparseCode.decode(SparseCode.of(new int[9]).bytes(), 9));
    int[] ones = new int[100];
    Arrays.fill(ones, -1);
    SparseCode code = SparseCode.of(ones);
    assertEquals(0, code.weightCodeBits() + code.distanceCodeBits());
    assertArrayEquals(ones, SparseCode.decode(code.bytes(), 100));
  }

  @Test
  void truncationIsDetected() {
    int[] weights = random(7);
    byte[] bytes = SparseCode.of(weights).bytes();
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThrows(DamagedCode.class, () -> SparseCode.decode(cut, weights.length));
    }
  }

  /** Damage gives other weights or a complaint, never another exception. */
  @Test
  void damageDoesNoHarm() {
    int[] weights = random(9);
    byte[] bytes = SparseCode.of(weights).bytes();
    SplittableRandom random = new SplittableRandom(1);
    int complaints = 0;
    for (int i = 0; i < 2000; i++) {
      byte[] damaged = bytes.clone();
      damaged[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      try {
        assertEquals(weights.length, SparseCode.decode(damaged, weights.length).length);
      } catch (DamagedCode e) {
        complaints++;
      }
    }
    assertTrue(complaints > 100, complaints + " complaints");
  }

  /** 1000 weights of which a tenth is not zero, from -100 to 100, both among them. */
  private static int[] random(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] weights = new int[1000];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = random.nextInt(10) == 0 ? random.nextInt(-100, 101) : 0;
    }
    weights[17] = 100;
    weights[900] = -100;
    return weights;
  }
}
