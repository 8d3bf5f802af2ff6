// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize.integer;

import dev.etch.graph.Node;
import dev.etch.op.Clip;
import java.util.Optional;

/** Relu and Clip become clamps of whatever quantizes their result. */
final class ActivationToInteger implements IntegerRule {
  @Override
  public Optional<FloatForm> apply(Node node, Rewrite rewrite) {
    float minimum = node.op() instanceof Clip clip ? clip.minimum() : 0;
    float maximum = node.op() instanceof Clip clip ? clip.maximum() : Float.POSITIVE_INFINITY;
    return rewrite
        .form(node.inputs().get(0))
        .map(form -> new Clamped(form, minimum, maximum, node));
  }
}
