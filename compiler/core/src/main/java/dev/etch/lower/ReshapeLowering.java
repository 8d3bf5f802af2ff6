// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.graph.Node;

/** A new name for the same elements in the same row-major order: no hardware. */
final class ReshapeLowering implements OperatorLowering {
  @Override
  public void lower(Node node, PlanBuilder plan) {
    plan.alias(node.output(), plan.view(node.inputs().get(0)));
  }
}
