// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import dev.etch.tensor.IntegerType;
import java.util.Objects;
import java.util.Optional;

/**
 * What the host loads of a schedule: nothing but the contents of memories depends on it.
 *
 * @param weights type of the weights, which are loaded in any case
 * @param schedule if everything else is, too, so that weights may stand in other places; empty if
 *     the lanes read the same elements for all weights
 */
public record LoadedWords(IntegerType weights, Optional<Sequences> schedule) {
  public LoadedWords {
    Objects.requireNonNull(weights);
    Objects.requireNonNull(schedule);
  }

  /**
   * Which lanes read the same elements, whatever is loaded.
   *
   * @param lanesPerPort neighbouring lanes of a cluster
   * @param shared whether those of the same numbers do in all clusters
   */
  public record Sequences(int lanesPerPort, boolean shared) {
    public Sequences {
      if (lanesPerPort < 1) {
        throw new IllegalArgumentException(lanesPerPort + " lanes a port");
      }
    }
  }
}
