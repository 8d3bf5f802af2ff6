// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.graph.Node;
import dev.etch.hardware.requantizer.Requantizer;
import dev.etch.op.Requantize;

/** A requantization that does not follow an accumulating layer directly. */
final class RequantizeLowering implements OperatorLowering {
  @Override
  public void lower(Node node, PlanBuilder plan) {
    Requantize op = (Requantize) node.op();
    Requantizer requantizer = plan.arithmetic().requantizer(node);
    ElementWise.add(node, plan, op.channels().size(), op.channelAxis(), requantizer);
  }
}
