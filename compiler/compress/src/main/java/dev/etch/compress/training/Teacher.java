// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.training;

import dev.etch.compress.network.Network;
import java.util.Objects;

/**
 * A network that another one learns from.
 *
 * @param network with the student's input and classes
 * @param temperature by which scores are divided, above 0
 * @param weight of what it gives in the loss, 0 to 1; the labels have the rest
 */
public record Teacher(Network network, float temperature, float weight) {
  public Teacher {
    Objects.requireNonNull(network);
    if (!(temperature > 0) || !(weight >= 0 && weight <= 1)) {
      throw new IllegalArgumentException("temperature " + temperature + ", weight " + weight);
    }
  }
}
