// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Weights of outputs that are computed together: several where they read mostly the same inputs,
 * one where zeros make that a waste.
 *
 * @param firstOutput first of the outputs
 * @param outputs how many
 * @param inputs positions that they read, filled up with repetitions to a multiple of how many are
 *     read together
 * @param weights for each group of inputs that are read together, those of the first output first;
 *     0 for the repetitions
 */
record WeightBlock(int firstOutput, int outputs, int[] inputs, float[] weights) {
  /**
   * Several outputs at once are worth it if this share of their products is with nonzero weights.
   */
  private static final double WORTH = 0.6;

  /** Blocks of the outputs {@code [begin, end)} for {@link #multiply}. */
  static List<WeightBlock> of(WeightRows rows, int begin, int end) {
    List<WeightBlock> blocks = new ArrayList<>();
    int output = begin;
    while (output < end) {
      boolean four = output + Products.SUMS <= end && isWorth(rows, output, Products.SUMS);
      WeightBlock block =
          four
              ? block(rows, output, Products.SUMS, Products.PAIR)
              : block(rows, output, 1, Products.QUAD);
      blocks.add(block);
      output += block.outputs;
    }
    return blocks;
  }

  /**
   * Blocks of the outputs {@code [begin, end)} for {@link Vectors}, which reads inputs one by one.
   *
   * @param sizes numbers of outputs that a block may have, descending to 1
   */
  static List<WeightBlock> of(WeightRows rows, int begin, int end, List<Integer> sizes) {
    List<WeightBlock> blocks = new ArrayList<>();
    for (int output = begin; output < end; output += blocks.get(blocks.size() - 1).outputs) {
      int first = output;
      int size =
          sizes.stream()
              .filter(n -> first + n <= end && (n == 1 || isWorth(rows, first, n)))
              .findFirst()
              .orElseThrow();
      blocks.add(block(rows, output, size, 1));
    }
    return blocks;
  }

  private static boolean isWorth(WeightRows rows, int first, int outputs) {
    int nonzero = IntStream.range(first, first + outputs).map(o -> rows.inputs()[o].length).sum();
    return nonzero > WORTH * outputs * union(rows, first, outputs).length;
  }

  private static int[] union(WeightRows rows, int first, int outputs) {
    return IntStream.range(first, first + outputs)
        .flatMap(o -> Arrays.stream(rows.inputs()[o]))
        .sorted()
        .distinct()
        .toArray();
  }

  private static WeightBlock block(WeightRows rows, int first, int outputs, int step) {
    int[] read = union(rows, first, outputs);
    int[] inputs = Arrays.copyOf(read, (read.length + step - 1) / step * step);
    Arrays.fill(inputs, read.length, inputs.length, read.length == 0 ? 0 : read[0]);
    float[] weights = new float[inputs.length * outputs];
    for (int o = 0; o < outputs; o++) {
      int[] at = rows.inputs()[first + o];
      for (int k = 0; k < at.length; k++) {
        int position = Arrays.binarySearch(read, at[k]);
        int group = position / step * step * outputs;
        weights[group + o * step + position % step] = rows.weights()[first + o][k];
      }
    }
    return new WeightBlock(first, outputs, inputs, weights);
  }

  /** The same weights with other positions for the inputs. */
  WeightBlock withInputs(int[] positions) {
    return new WeightBlock(firstOutput, outputs, positions, weights);
  }

  /**
   * Adds products to {@code sums[base + firstOutput]} and those that follow it.
   *
   * @param taps the inputs
   * @param first first of the positions in {@link #inputs} to take, a multiple of 4
   * @param last end of the positions to take; may be beyond the end
   * @param begin first of the elements of each input
   * @param end end of the elements of each input
   */
  void multiply(float[][] taps, int first, int last, float[][] sums, int base, int begin, int end) {
    int limit = Math.min(last, inputs.length);
    if (outputs == 1) {
      for (int k = first; k < limit; k += Products.QUAD) {
        Products.addToOne(
            sums[base + firstOutput],
            taps[inputs[k]],
            taps[inputs[k + 1]],
            taps[inputs[k + 2]],
            taps[inputs[k + 3]],
            weights,
            k,
            begin,
            end);
      }
      return;
    }
    for (int k = first; k < limit; k += Products.PAIR) {
      Products.addToFour(
          sums,
          base + firstOutput,
          taps[inputs[k]],
          taps[inputs[k + 1]],
          weights,
          k * outputs,
          begin,
          end);
    }
  }
}
