// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.data;

import dev.etch.tensor.Shape;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * How images of the training set are varied.
 *
 * @param shift pixels by which an image is moved at most, in each direction, evenly; what comes in
 *     has the given value
 * @param flip whether every other image, on average, is mirrored left to right
 */
public record Augmentation(int shift, boolean flip) {
  /** Images as they are. */
  public static final Augmentation NONE = new Augmentation(0, false);

  public Augmentation {
    if (shift < 0) {
      throw new IllegalArgumentException("a shift of " + shift);
    }
  }

  /** Whether images stay as they are. */
  public boolean isNone() {
    return equals(NONE);
  }

  /** Whether items of a shape can be varied: only images can. */
  public boolean fits(Shape item) {
    return isNone() || (item.rank() == 3 && shift < Math.min(item.dimension(1), item.dimension(2)));
  }

  /**
   * A variation of an image.
   *
   * @param image [channels, height, width], is overwritten
   * @param background what moves in at the edge
   */
  public void vary(float[] image, Shape item, float background, SplittableRandom random) {
    if (isNone()) {
      return;
    }
    int down = random.nextInt(-shift, shift + 1);
    int right = random.nextInt(-shift, shift + 1);
    boolean mirror = flip && random.nextBoolean();
    float[] original = image.clone();
    Arrays.fill(image, background);
    int height = item.dimension(1);
    int width = item.dimension(2);
    for (int row = 0; row < item.dimension(0) * height; row++) {
      int source = row % height - down;
      for (int column = 0; column < width && source >= 0 && source < height; column++) {
        int from = (mirror ? width - 1 - column : column) - right;
        if (from >= 0 && from < width) {
          image[row * width + column] = original[(row - down) * width + from];
        }
      }
    }
  }
}
