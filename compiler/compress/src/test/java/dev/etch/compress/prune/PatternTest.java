// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.prune;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.compress.network.Parameters;
import dev.etch.compress.network.RandomNetwork;
import dev.etch.compress.training.Restrictions;
import dev.etch.tensor.Shape;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Weights that are pruned together. */
class PatternTest {
  @Test
  void twoOfFour() {
    float[] weights = {1, -4, 2, 3, 0, 0, 5, 1};
    Mask mask = new KeptOfGroup(2, 4).mask(weights, Shape.of(1, 8), 0);
    assertArrayEquals(new float[] {0, -4, 0, 3, 0, 0, 5, 1}, mask.restrict(weights));
  }

  /** Groups do not reach from one output into the next. */
  @Test
  void groupsEndWithTheirOutput() {
    float[] weights = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    Mask mask = new KeptOfGroup(1, 4).mask(weights, Shape.of(2, 5), 0);
    assertArrayEquals(new float[] {0, 0, 0, 4, 5, 0, 0, 0, 9, 10}, mask.restrict(weights));
    assertEquals(10, new KeptOfGroup(1, 4).mask(weights, Shape.of(2, 5), 1).count());
    assertEquals(6, new KeptOfGroup(1, 4).mask(weights, Shape.of(2, 5), 1 / 3.0).count());
  }

  @Test
  void blocksGoAsAWhole() {
    float[] weights = {
      9, 0, 1, 1, 2,
      0, 0, 1, 1, 2,
      3, 3, 0, 0, 0
    };
    Mask half = new Blocks(2, 2, 0.5).mask(weights, Shape.of(3, 5), 0);
    float[] kept = {
      9, 0, 0, 0, 2,
      0, 0, 0, 0, 2,
      3, 3, 0, 0, 0
    };
    assertArrayEquals(kept, half.restrict(weights));
    assertTrue(half.kept()[6], "zeros of a block that stays may be trained");
    assertFalse(half.kept()[2]);
  }

  /** On the way there nothing comes back, nor does what an earlier step pruned. */
  @Test
  void patternsAreReachedWithinEarlierMasks() {
    Shape shape = Shape.of(10, 40);
    float[] weights = RandomNetwork.random(shape, 3).data();
    Parameters free = new Parameters(Map.of("w", weights));
    boolean[] earlier = Mask.all(400).kept();
    for (int i = 0; i < 400; i += 3) {
      earlier[i] = false;
    }
    Restrictions current = Restrictions.NONE.with("w", new Mask(earlier));
    PatternPruning pruning =
        new PatternPruning(
            Map.of("w", new PatternPruning.Array(new KeptOfGroup(2, 4), shape)), 0.5);
    for (int step = 0; step <= 500; step++) {
      Mask before = current.find("w", Mask.class).orElseThrow();
      current = pruning.before(step, 500, free, current);
      Mask after = current.find("w", Mask.class).orElseThrow();
      assertArrayEquals(after.kept(), after.and(before).kept());
      if (step == 0) {
        assertEquals(before.count(), after.count());
      }
    }
    boolean[] kept = current.find("w", Mask.class).orElseThrow().kept();
    for (int from = 0; from < 400; from += 4) {
      int count = 0;
      for (int i = from; i < from + 4; i++) {
        count += kept[i] ? 1 : 0;
        assertTrue(earlier[i] || !kept[i]);
      }
      assertTrue(count <= 2);
    }
  }
}
