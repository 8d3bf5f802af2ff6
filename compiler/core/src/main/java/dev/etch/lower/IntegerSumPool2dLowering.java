// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.hardware.WindowUnit.Operation;
import dev.etch.op.IntegerSumPool2d;
import java.util.Optional;

/**
 * Average pooling: a sum; the divisor is in the requantizer. The sum over a large map is made in
 * several units, each of which adds up a few columns or rows of what the one before it leaves: a
 * schedule has an entry for each term of an output pixel, and a window holds all of them.
 */
final class IntegerSumPool2dLowering implements OperatorLowering {
  /** Terms of an output pixel from which on a sum is split. */
  private static final int MOST_TERMS = 16384;

  @Override
  public void validate(Node node, Graph graph, DiagnosticCollector diagnostics) {
    OperatorLowering.requireSingleFrame(node, diagnostics);
  }

  @Override
  public void lower(Node node, PlanBuilder plan) {
    IntegerSumPool2d op = (IntegerSumPool2d) node.op();
    SpatialStage stage = SpatialStage.ofOperand(node, plan, op.layout(), op.window());
    if (stage.isWholeMap()) {
      stage = splitUp(node, plan, op, stage);
    }
    stage.addAccumulating(
        "pool", Operation.SUM, op.inputZeroPoint(), stage.wholeKernel(), Optional.empty());
  }

  /** Adds up neighbouring columns, then rows, until few enough terms are left. */
  private static SpatialStage splitUp(
      Node node, PlanBuilder plan, IntegerSumPool2d op, SpatialStage whole) {
    SpatialStage rest = whole;
    while (rest.terms() > MOST_TERMS) {
      int columns = leastFactor(rest.frame().width());
      int rows = columns == 1 ? leastFactor(rest.frame().height()) : 1;
      if (rows == rest.frame().height() && columns == rest.frame().width()) {
        return rest;
      }
      rest = rest.addPartial(rows, columns, plan.arithmetic().accumulator(node.output()));
    }
    return rest;
  }

  /** The least factor above 1; 1 has none. */
  private static int leastFactor(int number) {
    int factor = 2;
    while (factor * factor <= number && number % factor != 0) {
      factor++;
    }
    return number == 1 ? 1 : number % factor == 0 ? factor : number;
  }
}
