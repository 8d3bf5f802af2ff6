// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.hardware.WindowUnit.Operation;
import dev.etch.op.IntegerSumPool2d;

/** Average pooling: a sum; the divisor is in the requantizer. */
final class IntegerSumPool2dLowering implements OperatorLowering {
  @Override
  public void validate(Node node, Graph graph, DiagnosticCollector diagnostics) {
    OperatorLowering.requireSingleFrame(node, diagnostics);
  }

  @Override
  public void lower(Node node, PlanBuilder plan) {
    IntegerSumPool2d op = (IntegerSumPool2d) node.op();
    SpatialStage stage = new SpatialStage(node, plan, op.layout(), op.window());
    stage.addAccumulating("pool", Operation.SUM, op.inputZeroPoint(), stage.wholeKernel());
  }
}
