// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Graph;
import dev.etch.graph.Node;

/** How one operator becomes stages. */
interface OperatorLowering {
  /** Reports what of {@code node} cannot become hardware. */
  default void validate(Node node, Graph graph, DiagnosticCollector diagnostics) {}

  /** Adds stages for {@code node}, which is valid, and declares its results. */
  void lower(Node node, PlanBuilder plan);

  /** Reports operand {@code index} unless it is absent or constant. */
  static void requireConstant(
      Node node, int index, String what, Graph graph, DiagnosticCollector diagnostics) {
    if (index < node.inputs().size() && graph.constant(node.inputs().get(index)).isEmpty()) {
      diagnostics.error(
          node.location(),
          what + " are computed by the model, not constant",
          "store them in the model as an initializer");
    }
  }

  /** Reports a batch other than 1. */
  static void requireSingleFrame(Node node, DiagnosticCollector diagnostics) {
    int batch = node.inputs().get(0).type().shape().dimension(0);
    if (batch != 1) {
      diagnostics.error(
          node.location(),
          "a batch of " + batch + " frames",
          "export the model with batch size 1; frames are streamed one after another");
    }
  }
}
