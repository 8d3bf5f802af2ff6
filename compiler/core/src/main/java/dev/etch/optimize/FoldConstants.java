// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.Constant;
import dev.etch.op.Dequantize;
import dev.etch.pass.GraphRewriter;
import dev.etch.pass.Pass;
import java.util.Optional;

/**
 * Evaluates operators on constants. A Dequantize stays: it tells how constant integers are meant,
 * and the integer rewrite needs exactly them.
 */
public final class FoldConstants implements Pass {
  @Override
  public String name() {
    return "fold-constants";
  }

  @Override
  public Graph run(Graph graph, DiagnosticCollector diagnostics) {
    return GraphRewriter.rewrite(graph, FoldConstants::fold);
  }

  private static Optional<Value> fold(Node node, GraphRewriter rewriter) {
    if (node.op() instanceof Constant || node.op() instanceof Dequantize) {
      return Optional.empty();
    }
    return Optional.of(
        rewriter.addFolded(node, node.op(), node.inputs().stream().map(rewriter::mapped).toList()));
  }
}
