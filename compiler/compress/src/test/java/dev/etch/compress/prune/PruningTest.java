// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.prune;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.compress.network.Parameters;
import dev.etch.compress.training.Adjustment;
import dev.etch.compress.training.Restrictions;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** How masks change in the course of a training. */
class PruningTest {
  private static final String NAME = "weights";
  private static final int STEPS = 1000;

  @Test
  void gradualPruningOnlyTakesAway() {
    Parameters free = new Parameters(Map.of(NAME, random(1)));
    Adjustment pruning = new GradualPruning(Map.of(NAME, 10), 0.5);
    Restrictions current = Restrictions.NONE;
    boolean[] before = Mask.all(200).kept();
    int falls = 0;
    for (int step = 0; step <= STEPS; step++) {
      current = pruning.before(step, STEPS, free, current);
      boolean[] kept = current.find(NAME, Mask.class).orElseThrow().kept();
      for (int i = 0; i < kept.length; i++) {
        assertTrue(before[i] || !kept[i], "weight " + i + " came back in step " + step);
      }
      falls += new Mask(kept).count() < new Mask(before).count() ? 1 : 0;
      before = kept;
      // What is pruned may grow, as other values do: it does not come back.
      free = free.map((name, values) -> moved(values));
    }
    assertEquals(10, new Mask(before).count());
    assertTrue(falls > 5, falls + " times");
  }

  @Test
  void withoutTimeAllIsPrunedAtOnce() {
    Parameters free = new Parameters(Map.of(NAME, random(2)));
    Restrictions at = new GradualPruning(Map.of(NAME, 7), 0).before(0, 1, free, Restrictions.NONE);
    assertEquals(7, at.find(NAME, Mask.class).orElseThrow().count());
  }

  @Test
  void surgeryBringsBackWhatGrows() {
    float[] values = {1, 2, 3, 4};
    Parameters free = new Parameters(Map.of(NAME, values));
    DynamicSurgery surgery = new DynamicSurgery(Map.of(NAME, 2), 0, 1, 1);
    Restrictions first = surgery.before(0, 9, free, Restrictions.NONE);
    assertArrayEquals(new float[] {0, 0, 3, 4}, first.restrict(free).get(NAME));
    // Gradients reach what is pruned.
    assertArrayEquals(new float[] {1, 2, 3, 4}, first.gradients(free, free).get(NAME));
    values[0] = 9;
    Restrictions second = surgery.before(0, 9, free, first);
    assertArrayEquals(new float[] {9, 0, 0, 4}, second.restrict(free).get(NAME));
    Restrictions last = surgery.before(9, 9, free, second);
    assertTrue(last.find(NAME, SplicedMask.class).isEmpty());
    assertArrayEquals(
        new boolean[] {true, false, false, true}, last.find(NAME, Mask.class).orElseThrow().kept());
    assertArrayEquals(new float[] {9, 0, 0, 4}, last.gradients(free, free).get(NAME));
  }

  /** Between 0.9 and 1.1 times the threshold a weight stays what it is. */
  @Test
  void surgeryDoesNotChangeItsMindNearTheThreshold() {
    float[] values = {1, 1.05f, 0.95f, 0.5f};
    Parameters free = new Parameters(Map.of(NAME, values));
    DynamicSurgery surgery = new DynamicSurgery(Map.of(NAME, 2), 0, 1, 1);
    Restrictions first = surgery.before(0, 9, free, Restrictions.NONE);
    assertArrayEquals(new float[] {1, 1.05f, 0.95f, 0}, first.restrict(free).get(NAME));
    values[3] = 1.02f;
    Restrictions second = surgery.before(0, 9, free, first);
    assertEquals(0, second.restrict(free).get(NAME)[3]);
    assertFalse(second.restrict(free).get(NAME)[2] == 0);
  }

  /** What is dropped comes back at random as it was; in the end as many as wanted are left. */
  @Test
  void droppedWeightsComeBackAtRandom() {
    Parameters free = new Parameters(Map.of(NAME, random(5)));
    Adjustment pruning = new DropPruning(Map.of(NAME, 20), 0.8, 0.5, 0.1, 1);
    Restrictions current = Restrictions.NONE;
    boolean[] before = Mask.all(200).kept();
    int back = 0;
    int unimportant = 0;
    for (int step = 0; step < 0.8 * STEPS; step++) {
      current = pruning.before(step, STEPS, free, current);
      boolean[] kept = current.find(NAME, DroppedMask.class).orElseThrow().kept();
      for (int i = 0; i < kept.length; i++) {
        back += kept[i] && !before[i] ? 1 : 0;
      }
      unimportant += new Mask(kept).count() > 20 ? 1 : 0;
      before = kept;
    }
    assertTrue(back > 20, back + " came back");
    assertTrue(unimportant > 0.7 * STEPS, "not all of the unimportant are dropped");
    Restrictions last = pruning.before((int) (0.8 * STEPS), STEPS, free, current);
    assertTrue(last.find(NAME, DroppedMask.class).isEmpty());
    assertEquals(20, last.find(NAME, Mask.class).orElseThrow().count());
    assertEquals(last, pruning.before(STEPS - 1, STEPS, free, last));
    assertEquals(last, pruning.before(STEPS, STEPS, free, last));
  }

  /** Other seeds drop others; without chance it is pruning by magnitude. */
  @Test
  void whatIsDroppedFollowsFromTheSeed() {
    Parameters free = new Parameters(Map.of(NAME, random(6)));
    assertArrayEquals(dropped(free, 0.5, 1), dropped(free, 0.5, 1));
    assertFalse(java.util.Arrays.equals(dropped(free, 0.5, 1), dropped(free, 0.5, 2)));
    boolean[] all = dropped(free, 1, 1);
    assertArrayEquals(Magnitudes.largest(free.get(NAME), new Mask(all).count()).kept(), all);
  }

  private static boolean[] dropped(Parameters free, double dropOut, long seed) {
    DropPruning pruning = new DropPruning(Map.of(NAME, 20), 1, dropOut, 0, seed);
    return pruning
        .before(500, STEPS, free, Restrictions.NONE)
        .find(NAME, DroppedMask.class)
        .orElseThrow()
        .kept();
  }

  /** What an earlier step pruned does not come back. */
  @Test
  void earlierMasksHold() {
    Parameters free = new Parameters(Map.of(NAME, random(7)));
    Mask earlier = Magnitudes.largest(free.get(NAME), 40);
    Restrictions current = Restrictions.NONE.with(NAME, earlier);
    Adjustment pruning = new DropPruning(Map.of(NAME, 30), 0.5, 0.5, 0.3, 1);
    for (int step = 0; step <= STEPS; step++) {
      current = pruning.before(step, STEPS, free, current);
      float[] restricted = current.restrict(free).get(NAME);
      for (int i = 0; i < restricted.length; i++) {
        assertTrue(earlier.kept()[i] || restricted[i] == 0);
      }
    }
    assertEquals(30, current.find(NAME, Mask.class).orElseThrow().count());
  }

  private static float[] random(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] values = new float[200];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static float[] moved(float[] values) {
    float[] result = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i] = values[(i + 1) % values.length];
    }
    return result;
  }
}
