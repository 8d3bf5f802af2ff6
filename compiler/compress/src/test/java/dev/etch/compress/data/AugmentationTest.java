// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.tensor.Shape;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Variations of images. */
class AugmentationTest {
  private static final Shape IMAGE = Shape.of(1, 3, 3);

  private static Set<String> variations(Augmentation augmentation) {
    Set<String> seen = new HashSet<>();
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 500; i++) {
      float[] image = {1, 2, 3, 4, 5, 6, 7, 8, 9};
      augmentation.vary(image, IMAGE, -1, random);
      seen.add(Arrays.toString(image));
    }
    return seen;
  }

  private static String image(float... pixels) {
    return Arrays.toString(pixels);
  }

  @Test
  void allShiftsAndNoOthersAreDrawn() {
    Set<String> seen = variations(new Augmentation(1, false));
    assertEquals(9, seen.size());
    assertTrue(seen.contains(image(1, 2, 3, 4, 5, 6, 7, 8, 9)));
    assertTrue(seen.contains(image(-1, -1, -1, -1, 1, 2, -1, 4, 5)));
    assertTrue(seen.contains(image(4, 5, 6, 7, 8, 9, -1, -1, -1)));
  }

  @Test
  void flipsAreLeftToRight() {
    assertEquals(
        Set.of(image(1, 2, 3, 4, 5, 6, 7, 8, 9), image(3, 2, 1, 6, 5, 4, 9, 8, 7)),
        variations(new Augmentation(0, true)));
    assertEquals(18, variations(new Augmentation(1, true)).size());
  }

  @Test
  void onlyImagesAreVaried() {
    for (Augmentation augmentation :
        List.of(new Augmentation(1, false), new Augmentation(0, true))) {
      assertFalse(augmentation.fits(Shape.of(9)));
      assertTrue(augmentation.fits(IMAGE));
    }
    assertFalse(new Augmentation(3, false).fits(IMAGE));
    assertTrue(Augmentation.NONE.fits(Shape.of(9)));
  }
}
