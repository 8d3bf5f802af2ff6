// SPDX-License-Identifier: Apache-2.0
package dev.etch.op.requantization;

import dev.etch.diagnostic.OperatorException;
import java.util.List;

/**
 * A staircase as the list of its edges, for arithmetic that is no formula of the accumulator.
 *
 * @param ratio how much the output grows with the accumulator, about
 * @param low smallest output
 * @param edges {@code edges[i]} is the least accumulator whose output is at least {@code low + 1 +
 *     i}; they do not decrease
 * @param unequalPairs pairs of factors for which the definition gives another output than this
 */
public record Steps(double ratio, int low, List<Long> edges, int unequalPairs)
    implements Requantization {
  public Steps {
    edges = List.copyOf(edges);
    for (int i = 1; i < edges.size(); i++) {
      if (edges.get(i) < edges.get(i - 1)) {
        throw new OperatorException("edge " + i + " is below the one before it", "");
      }
    }
  }

  @Override
  public int apply(long accumulator) {
    int below = 0;
    int above = edges.size();
    while (below < above) {
      int middle = (below + above) / 2;
      if (edges.get(middle) <= accumulator) {
        below = middle + 1;
      } else {
        above = middle;
      }
    }
    return low + below;
  }

  @Override
  public int high() {
    return low + edges.size();
  }

  @Override
  public Steps withLimits(int least, int most) {
    List<Long> kept = edges.subList(least - low, Math.max(least, most) - low);
    return new Steps(ratio, least, kept, unequalPairs);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.steps(this);
  }
}
