// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.factorize;

import java.util.Optional;
import java.util.function.IntUnaryOperator;

/** How the rank of a matrix is chosen. */
public interface RankRule {
  /**
   * The rank, from 1 to the number of values.
   *
   * @param values singular values, descending
   * @param size weights of the layers that a rank leads to, ascending
   * @param given weights of the layer that is factorized
   */
  int rank(double[] values, IntUnaryOperator size, int given);

  /** Part of the energy by which it chooses, if it does. */
  default Optional<Double> energy() {
    return Optional.empty();
  }

  /** Part of the weights by which it chooses, if it does. */
  default Optional<Double> size() {
    return Optional.empty();
  }

  /**
   * The least rank whose values have so large a part of the sum of all squares.
   *
   * @param part above 0 to 1
   */
  record Energy(double part) implements RankRule {
    public Energy {
      require(part);
    }

    @Override
    public Optional<Double> energy() {
      return Optional.of(part);
    }

    @Override
    public int rank(double[] values, IntUnaryOperator size, int given) {
      double all = 0;
      for (double value : values) {
        all += value * value;
      }
      double sum = 0;
      for (int rank = 1; rank < values.length; rank++) {
        sum += values[rank - 1] * values[rank - 1];
        if (sum >= part * all) {
          return rank;
        }
      }
      return values.length;
    }
  }

  /**
   * The largest rank whose layers have at most so large a part of the given weights.
   *
   * @param part above 0 to 1
   */
  record Size(double part) implements RankRule {
    public Size {
      require(part);
    }

    @Override
    public Optional<Double> size() {
      return Optional.of(part);
    }

    @Override
    public int rank(double[] values, IntUnaryOperator size, int given) {
      int rank = 1;
      while (rank < values.length && size.applyAsInt(rank + 1) <= part * given) {
        rank++;
      }
      return rank;
    }
  }

  private static void require(double part) {
    if (!(part > 0 && part <= 1)) {
      throw new IllegalArgumentException("a part of " + part);
    }
  }
}
