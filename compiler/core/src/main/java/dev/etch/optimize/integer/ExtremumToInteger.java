// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize.integer;

import dev.etch.graph.Node;
import java.util.Optional;

/** The larger of two numbers is that of their integers, since quantization never decreases. */
final class ExtremumToInteger implements IntegerRule {
  @Override
  public Optional<FloatForm> apply(Node node, Rewrite rewrite) {
    Optional<FloatForm> left = rewrite.form(node.inputs().get(0));
    Optional<FloatForm> right = rewrite.form(node.inputs().get(1));
    if (left.isEmpty() || right.isEmpty()) {
      return Optional.empty();
    }
    Chosen chosen = new Chosen(node, left.get(), right.get());
    return Optional.of(
        left.get() instanceof Dequantized a
                && right.get() instanceof Dequantized b
                && a.sameAs(b.quantization())
            ? new Dequantized(chosen.of(rewrite, a.integers(), b.integers()), a.quantization())
            : chosen);
  }
}
