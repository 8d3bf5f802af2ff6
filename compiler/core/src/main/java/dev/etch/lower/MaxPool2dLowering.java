// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.hardware.WindowUnit.Operation;
import dev.etch.hardware.requantizer.Offset;
import dev.etch.op.MaxPool2d;
import dev.etch.tensor.IntegerType;
import java.util.List;
import java.util.Optional;

/** Maximum pooling; padding is the smallest value of the type, which never wins. */
final class MaxPool2dLowering implements OperatorLowering {
  @Override
  public void validate(Node node, Graph graph, DiagnosticCollector diagnostics) {
    OperatorLowering.requireSingleFrame(node, diagnostics);
  }

  @Override
  public void lower(Node node, PlanBuilder plan) {
    MaxPool2d op = (MaxPool2d) node.op();
    IntegerType type = (IntegerType) node.inputs().get(0).type().element();
    SpatialStage stage = SpatialStage.ofOperand(node, plan, op.layout(), op.window());
    stage.add(
        "pool",
        Operation.MAXIMUM,
        (int) type.minimum(),
        stage.wholeKernel(),
        type,
        node.output(),
        Requantizers.of(new Offset(List.of(0L))),
        Optional.empty());
  }
}
