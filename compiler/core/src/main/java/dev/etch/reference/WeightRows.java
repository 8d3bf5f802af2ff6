// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import java.util.Arrays;
import java.util.Optional;

/**
 * The nonzero weights of each output, with the bias: {@code sum = bias + sum(weights[k] *
 * x[inputs[k]])}.
 *
 * @param biases one an output
 * @param inputs for each output the positions of its nonzero weights in the row, ascending
 * @param weights for each output its nonzero weights
 */
record WeightRows(int[] biases, int[][] inputs, int[][] weights) {

  /**
   * Reads weights [outputs, ...] and an optional bias; empty if some input could make a partial sum
   * leave int32, so that a kernel that adds in int32 without checks would not be exact.
   */
  static Optional<WeightRows> of(
      IntegerTensor weights, Optional<IntegerTensor> bias, IntegerType input, int zeroPoint) {
    int outputs = weights.shape().dimension(0);
    int length = outputs == 0 ? 0 : weights.data().length / outputs;
    long largestInput = Math.max(input.maximum() - zeroPoint, zeroPoint - input.minimum());
    WeightRows rows = new WeightRows(new int[outputs], new int[outputs][], new int[outputs][]);
    for (int i = 0; i < outputs; i++) {
      int[] row = Arrays.copyOfRange(weights.data(), i * length, (i + 1) * length);
      rows.biases[i] = bias.isPresent() ? bias.get().data()[i] : 0;
      rows.fill(i, row);
      if (rows.largestSum(i, largestInput) > Integer.MAX_VALUE) {
        return Optional.empty();
      }
    }
    return Optional.of(rows);
  }

  private void fill(int output, int[] row) {
    int[] nonzero =
        java.util.stream.IntStream.range(0, row.length).filter(k -> row[k] != 0).toArray();
    inputs[output] = nonzero;
    weights[output] = Arrays.stream(nonzero).map(k -> row[k]).toArray();
  }

  private long largestSum(int output, long largestInput) {
    long sum = Math.abs((long) biases[output]);
    for (int weight : weights[output]) {
      sum += Math.abs((long) weight) * largestInput;
    }
    return sum;
  }

  /** Number of outputs. */
  int outputs() {
    return biases.length;
  }
}
