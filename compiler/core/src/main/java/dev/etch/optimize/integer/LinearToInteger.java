// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize.integer;

import dev.etch.graph.Node;
import dev.etch.op.Linear;
import java.util.Optional;

/** Float arithmetic with constants becomes part of the staircase of what quantizes its result. */
final class LinearToInteger implements IntegerRule {
  @Override
  public Optional<FloatForm> apply(Node node, Rewrite rewrite) {
    return rewrite
        .form(node.inputs().get(0))
        .map(form -> new Scaled(node, form, (Linear) node.op()));
  }
}
