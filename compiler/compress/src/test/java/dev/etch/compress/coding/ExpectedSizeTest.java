// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.coding;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.etch.compressed.SparseCode;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * The sizes that Deep Compression (Han et al., ICLR 2016) states in its table 1, from the averages
 * of its tables 2 to 4: weights, kept %, bits of a value, coded, bits of a distance, coded, biases.
 * The paper rounds what is kept to percents, and does not say how many zeros were stored: at random
 * places it is more than at those of trained weights.
 */
class ExpectedSizeTest {
  private static final double CLOSE = 0.09;

  private static final List<ExpectedSize> LENET_300_100 =
      List.of(
          new ExpectedSize(235_200, 0.08, 6, 4.4, 5, 3.7, 300),
          new ExpectedSize(30_000, 0.09, 6, 4.4, 5, 4.3, 100),
          new ExpectedSize(1_000, 0.26, 6, 4.3, 5, 3.2, 10));

  private static final List<ExpectedSize> LENET_5 =
      List.of(
          new ExpectedSize(500, 0.66, 8, 7.2, 5, 1.5, 20),
          new ExpectedSize(25_000, 0.12, 8, 7.2, 5, 3.9, 50),
          new ExpectedSize(400_000, 0.08, 5, 4.5, 5, 4.5, 500),
          new ExpectedSize(5_000, 0.19, 5, 5.2, 5, 3.7, 10));

  private static final List<ExpectedSize> ALEXNET =
      List.of(
          new ExpectedSize(34_848, 0.84, 8, 6.3, 4, 1.2, 96),
          new ExpectedSize(307_200, 0.38, 8, 5.5, 4, 2.3, 256),
          new ExpectedSize(884_736, 0.35, 8, 5.1, 4, 2.6, 384),
          new ExpectedSize(663_552, 0.37, 8, 5.2, 4, 2.5, 384),
          new ExpectedSize(442_368, 0.37, 8, 5.6, 4, 2.5, 256),
          new ExpectedSize(37_748_736, 0.09, 5, 3.9, 4, 3.2, 4096),
          new ExpectedSize(16_777_216, 0.09, 5, 3.6, 4, 3.7, 4096),
          new ExpectedSize(4_096_000, 0.25, 5, 4, 4, 3.2, 1000));

  @Test
  void sizesOfDeepCompression() {
    assertClose(27 << 10, LENET_300_100);
    assertClose(44 << 10, LENET_5);
    assertClose(6.9 * (1 << 20), ALEXNET);
  }

  private static void assertClose(double paper, List<ExpectedSize> layers) {
    double bytes = layers.stream().mapToDouble(ExpectedSize::bytes).sum();
    assertEquals(paper, bytes, CLOSE * paper);
  }

  /** What is expected is what the code takes. */
  @Test
  void expectedIsWhatIsCoded() {
    SplittableRandom random = new SplittableRandom(1);
    int[] weights = new int[400_000];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = random.nextDouble() < 0.08 ? random.nextInt(1, 32) : 0;
    }
    SparseCode code = SparseCode.withDistances(5, weights);
    double stored = code.stored();
    ExpectedSize expected =
        new ExpectedSize(
            weights.length,
            0.08,
            5,
            code.weightCodeBits() / stored,
            5,
            code.distanceCodeBits() / stored,
            0);
    assertEquals(expected.bytes(), code.bytes().length, 0.01 * expected.bytes());
  }
}
