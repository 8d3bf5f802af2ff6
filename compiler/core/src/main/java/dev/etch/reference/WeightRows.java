// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;

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
    long largestInput = largest(input, zeroPoint);
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

  /** Whether float32 holds every partial sum exactly, over inputs without their zero point. */
  boolean isExactInFloat(IntegerType input, int zeroPoint) {
    return largestSum(largest(input, zeroPoint)) <= Planes.EXACT;
  }

  private static long largest(IntegerType input, int zeroPoint) {
    return Math.max(input.maximum() - zeroPoint, zeroPoint - input.minimum());
  }

  /**
   * The same sums over inputs whose zero point is not subtracted, {@code bias - zeroPoint *
   * sum(weights)} being the bias; empty if some input could make a partial sum leave what float32
   * holds exactly.
   */
  static Optional<WeightRows> exactInFloat(
      IntegerTensor weights, Optional<IntegerTensor> bias, IntegerType input, int zeroPoint) {
    return of(weights, bias, input, zeroPoint)
        .flatMap(rows -> rows.withoutZeroPoint(input, zeroPoint));
  }

  private Optional<WeightRows> withoutZeroPoint(IntegerType input, int zeroPoint) {
    WeightRows rows = new WeightRows(new int[outputs()], inputs, weights);
    for (int i = 0; i < outputs(); i++) {
      long bias = biases[i] - zeroPoint * Arrays.stream(weights[i]).asLongStream().sum();
      if (Math.abs(bias) > Planes.EXACT) {
        return Optional.empty();
      }
      rows.biases[i] = (int) bias;
    }
    if (rows.largestSum(largestWithZeroPoint(input, zeroPoint)) > Planes.EXACT) {
      return Optional.empty();
    }
    return Optional.of(rows);
  }

  private static long largestWithZeroPoint(IntegerType input, int zeroPoint) {
    return Math.max(largest(input, 0), Math.abs((long) zeroPoint));
  }

  /** What no partial sum of an output over inputs with their zero point leaves, of either sign. */
  long bound(int output, IntegerType input, int zeroPoint) {
    return largestSum(output, largestWithZeroPoint(input, zeroPoint));
  }

  private void fill(int output, int[] row) {
    int[] nonzero = IntStream.range(0, row.length).filter(k -> row[k] != 0).toArray();
    inputs[output] = nonzero;
    weights[output] = Arrays.stream(nonzero).map(k -> row[k]).toArray();
  }

  private long largestSum(long largestInput) {
    return IntStream.range(0, outputs())
        .mapToLong(i -> largestSum(i, largestInput))
        .max()
        .orElse(0);
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
