// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.prune;

import dev.etch.tensor.Shape;
import java.util.Arrays;

/**
 * N:M sparsity: of every {@code group} weights of an output that follow each other in row-major
 * order, the {@code kept} largest ones stay, as N of M; so all outputs have equally much work. Of a
 * last group that is smaller, as many stay at most. Source: A. Mishra et al., Accelerating Sparse
 * Deep Neural Networks, 2021.
 *
 * @param kept weights of a group, at least 1
 * @param group weights of it, at least {@code kept}
 */
public record KeptOfGroup(int kept, int group) implements Pattern {
  public KeptOfGroup {
    if (kept < 1 || group < kept) {
      throw new IllegalArgumentException(kept + " of " + group);
    }
  }

  @Override
  public Mask mask(float[] weights, Shape shape, double left) {
    int count = (int) Math.round(kept + (group - kept) * left);
    int row = weights.length / shape.dimension(0);
    boolean[] all = new boolean[weights.length];
    for (int start = 0; start < weights.length; start += row) {
      for (int from = start; from < start + row; from += group) {
        int to = Math.min(from + group, start + row);
        float[] part = Arrays.copyOfRange(weights, from, to);
        boolean[] chosen = Magnitudes.largestOfFew(part, Math.min(count, part.length));
        System.arraycopy(chosen, 0, all, from, part.length);
      }
    }
    return new Mask(all);
  }

  @Override
  public String title() {
    return kept + " of " + group;
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.visit(this);
  }
}
