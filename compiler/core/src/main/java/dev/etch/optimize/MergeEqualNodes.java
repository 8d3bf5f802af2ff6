// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.Constant;
import dev.etch.op.Dequantize;
import dev.etch.op.Op;
import dev.etch.pass.GraphRewriter;
import dev.etch.pass.Pass;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Computes once what several nodes compute alike from the same operands. ONNX Runtime does so
 * before it chooses kernels ({@code common_subexpression_elimination.cc}): two QuantizeLinear of
 * one tensor, as exporters write them for each reader, are one with several readers. A
 * DequantizeLinear stays, because ONNX Runtime gives one to each reader anyway.
 */
public final class MergeEqualNodes implements Pass {
  @Override
  public String name() {
    return "merge-equal-nodes";
  }

  @Override
  public Graph run(Graph graph, DiagnosticCollector diagnostics) {
    Map<Computation, Value> known = new HashMap<>();
    return GraphRewriter.rewrite(graph, (node, rewriter) -> merge(node, rewriter, known));
  }

  /** What a node computes, on values of the new graph. */
  private record Computation(Op op, List<Value> operands) {}

  private static Optional<Value> merge(
      Node node, GraphRewriter rewriter, Map<Computation, Value> known) {
    if (node.op() instanceof Constant || node.op() instanceof Dequantize) {
      return Optional.empty();
    }
    List<Value> operands = node.inputs().stream().map(rewriter::mapped).toList();
    return Optional.of(
        known.computeIfAbsent(
            new Computation(node.op(), operands),
            unused -> rewriter.addLike(node, node.op(), operands)));
  }
}
