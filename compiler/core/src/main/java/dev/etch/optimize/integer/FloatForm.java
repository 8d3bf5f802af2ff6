// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize.integer;

import dev.etch.graph.Node;
import dev.etch.graph.Value;
import java.util.Optional;

/** How a float value of the original graph comes from integers of the new graph. */
interface FloatForm {
  /** The integers that quantizing this value gives; empty if no integer operator does that. */
  Optional<Value> quantize(Rewrite rewrite, Target target);

  /**
   * The integers that a quantizer gives after float arithmetic on this value; empty if no integer
   * operator does that.
   */
  Optional<Value> quantize(Rewrite rewrite, RealTarget target);

  /**
   * The float value itself, made by float operators in the place of {@code node}, the node of the
   * original graph that gave it.
   */
  Value materialize(Rewrite rewrite, Node node);

  /** This value as plain quantized integers, if it can be had without loss. */
  default Optional<Dequantized> dequantized(Rewrite rewrite) {
    return Optional.empty();
  }

  /** This value as a function of one narrow integer, if it is one. */
  default Optional<Tabulated> tabulated() {
    return Optional.empty();
  }
}
