// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.hardware.PackedWeights;
import dev.etch.lower.WindowLayer.Tap;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Binary and ternary dense layers: weights of -1, 0 and 1 on inputs of at most two bits. So many
 * products go into a few LUTs that a lane makes a word of them at once.
 */
final class PackedDense {
  private static final int MOST_INPUT_BITS = 2;

  /** Below this a word is not worth its adders. */
  private static final int LEAST_WORD = 4;

  private PackedDense() {}

  /** Channels of a word; 1 if the layer is none for words. */
  static int word(IntegerTensor weights, IntegerType input) {
    int word = Widths.largestDivisor(weights.shape().dimension(1), PackedWeights.MOST);
    boolean small = Arrays.stream(weights.data()).allMatch(w -> Math.abs(w) <= 1);
    return small && input.bits() <= MOST_INPUT_BITS && word >= LEAST_WORD ? word : 1;
  }

  /** The words of each output that are not all zero. */
  static List<List<Tap>> words(List<List<Tap>> outputs, int inputs, int word) {
    List<List<Tap>> packed = new ArrayList<>();
    for (List<Tap> taps : outputs) {
      int[] row = new int[inputs];
      taps.forEach(tap -> row[tap.channel()] = tap.weight());
      List<Tap> words = new ArrayList<>();
      for (int first = 0; first < inputs; first += word) {
        int weight = PackedWeights.pack(Arrays.copyOfRange(row, first, first + word));
        if (weight != 0) {
          words.add(new Tap(0, 0, first, weight));
        }
      }
      packed.add(words);
    }
    return packed;
  }
}
