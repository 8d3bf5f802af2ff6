// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize.integer;

import dev.etch.graph.Node;
import java.util.Optional;

/** What one float operator makes of the forms of its operands. */
@FunctionalInterface
interface IntegerRule {
  /** The form of the result; empty if the operator must stay as it is. */
  Optional<FloatForm> apply(Node node, Rewrite rewrite);
}
