// SPDX-License-Identifier: Apache-2.0
package dev.etch.graph;

import dev.etch.tensor.IntegerTensor;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The bits that a layer's nonzero weights take at least, if each is stored without regard to the
 * others: the entropy of their values, and the choice of their places among all. Source: C.
 * Shannon, A Mathematical Theory of Communication, Bell System Technical Journal 27, 1948.
 *
 * @param nonzero weights that are not 0
 * @param bitsPerWeight of each of them; 0 if there are none
 */
public record WeightEntropy(long nonzero, double bitsPerWeight) {
  /** Without weights. */
  public static final WeightEntropy NONE = new WeightEntropy(0, 0);

  /** That of a node; {@link #NONE} if it has no constant integer weights. */
  public static WeightEntropy of(Node node, Map<Value, Node> producers) {
    return MultiplyAccumulates.constantWeights(node, producers)
        .filter(IntegerTensor.class::isInstance)
        .map(weights -> of(((IntegerTensor) weights).data()))
        .orElse(NONE);
  }

  /** That of some weights. */
  static WeightEntropy of(int... weights) {
    Map<Integer, Long> counts =
        Arrays.stream(weights)
            .filter(weight -> weight != 0)
            .boxed()
            .collect(Collectors.groupingBy(weight -> weight, Collectors.counting()));
    long nonzero = counts.values().stream().mapToLong(count -> count).sum();
    if (nonzero == 0) {
      return NONE;
    }
    double values = nonzero * log2(nonzero);
    for (long count : counts.values()) {
      values -= count * log2(count);
    }
    return new WeightEntropy(nonzero, (values + places(weights.length, nonzero)) / nonzero);
  }

  /** The logarithm of how many ways there are to choose {@code some} of {@code all} places. */
  private static double places(long all, long some) {
    double bits = 0;
    for (long i = 1; i <= some; i++) {
      bits += log2(all - some + i) - log2(i);
    }
    return bits;
  }

  private static double log2(double number) {
    return Math.log(number) / Math.log(2);
  }
}
