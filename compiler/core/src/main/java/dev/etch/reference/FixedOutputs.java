// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import dev.etch.op.requantization.Requantization;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.IntToLongFunction;

/**
 * Weights and bias of a layer without those of outputs that no input can change: of a channel that
 * died in training, whose weights' scale is next to nothing and whose bias, counted in it, is
 * beyond what float32 holds. A staircase never decreases, so that an output which is the same for
 * the least and the largest sum is the same for all.
 *
 * @param weights [outputs, ...], 0 for the fixed outputs
 * @param bias 0 for the fixed outputs
 * @param ends the staircase of each output
 * @param values of each output, null where it is not fixed
 */
record FixedOutputs(
    IntegerTensor weights,
    Optional<IntegerTensor> bias,
    List<Requantization> ends,
    List<Integer> values) {

  /** Finds the fixed outputs; {@code channels} are one staircase, or one an output. */
  static FixedOutputs of(
      IntegerTensor weights,
      Optional<IntegerTensor> bias,
      IntegerType input,
      int zeroPoint,
      List<Requantization> channels) {
    int outputs = weights.shape().dimension(0);
    int length = outputs == 0 ? 0 : weights.data().length / outputs;
    int[] kept = weights.data().clone();
    Optional<int[]> keptBias = bias.map(b -> b.data().clone());
    List<Requantization> ends = new ArrayList<>();
    List<Integer> values = new ArrayList<>();
    for (int o = 0; o < outputs; o++) {
      Requantization end = channels.get(channels.size() == 1 ? 0 : o);
      long start = keptBias.isPresent() ? keptBias.get()[o] : 0;
      int[] row = Arrays.copyOfRange(kept, o * length, (o + 1) * length);
      Integer value = fixed(row, start, input, zeroPoint, end);
      if (value != null) {
        Arrays.fill(kept, o * length, (o + 1) * length, 0);
        if (keptBias.isPresent()) {
          keptBias.get()[o] = 0;
        }
      }
      ends.add(end);
      values.add(value);
    }
    return new FixedOutputs(
        new IntegerTensor(weights.type(), kept),
        keptBias.map(b -> new IntegerTensor(bias.orElseThrow().type(), b)),
        ends,
        values);
  }

  private static Integer fixed(
      int[] row, long bias, IntegerType input, int zeroPoint, Requantization end) {
    long least = bias;
    long most = bias;
    for (int weight : row) {
      long a = weight * (input.minimum() - zeroPoint);
      long b = weight * (input.maximum() - zeroPoint);
      least += Math.min(0, Math.min(a, b));
      most += Math.max(0, Math.max(a, b));
    }
    boolean fits = least >= Integer.MIN_VALUE && most <= Integer.MAX_VALUE;
    return fits && end.apply(least) == end.apply(most) ? end.apply(most) : null;
  }

  /** The staircase of each output, for sums that do not leave {@code bounds}, of either sign. */
  List<FloatStaircase> staircases(IntToLongFunction bounds, Optional<Vectors> vectors) {
    List<FloatStaircase> staircases = new ArrayList<>();
    for (int o = 0; o < ends.size(); o++) {
      Integer value = values.get(o);
      staircases.add(
          value == null
              ? FloatStaircase.of(ends.get(o), bounds.applyAsLong(o), vectors)
              : (sums, begin, end) -> Arrays.fill(sums, begin, end, value));
    }
    return staircases;
  }
}
