// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.search;

import dev.etch.graph.Graph;
import java.util.Optional;

/** The compiler, as far as the search knows it. */
@FunctionalInterface
public interface Pricing {
  /**
   * What a quantized model takes within a budget of hardware; empty if no design keeps it. The same
   * model always has the same price.
   */
  Optional<Price> of(Graph quantized);
}
