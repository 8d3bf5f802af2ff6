// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.Op;
import dev.etch.op.Reshape;
import dev.etch.op.Slice;
import dev.etch.op.Transpose;
import dev.etch.pass.GraphRewriter;
import dev.etch.pass.Pass;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Removes a Reshape to the same shape, a Transpose that moves nothing and a Slice that cuts nothing
 * off, and merges neighbouring Reshapes and neighbouring Transposes into one.
 */
public final class RemoveIdentities implements Pass {
  @Override
  public String name() {
    return "remove-identities";
  }

  @Override
  public Graph run(Graph graph, DiagnosticCollector diagnostics) {
    Map<Value, Node> producers = new HashMap<>();
    return GraphRewriter.rewrite(graph, (node, rewriter) -> simplify(node, rewriter, producers));
  }

  /** {@code made} collects the moves of the new graph by their results. */
  private static Optional<Value> simplify(
      Node node, GraphRewriter rewriter, Map<Value, Node> made) {
    if (node.op() instanceof Slice slice && isWhole(slice, node.inputs().get(0))) {
      return Optional.of(rewriter.mapped(node.inputs().get(0)));
    }
    if (!(node.op() instanceof Reshape) && !(node.op() instanceof Transpose)) {
      return Optional.empty();
    }
    Value operand = rewriter.mapped(node.inputs().get(0));
    Op op = node.op();
    Node before = made.get(operand);
    if (before != null && before.op().getClass() == op.getClass()) {
      op = merge(before.op(), op);
      operand = before.inputs().get(0);
    }
    if (isIdentity(op, operand)) {
      return Optional.of(operand);
    }
    Value result = rewriter.addLike(node, op, List.of(operand));
    made.put(result, new Node(node.name(), op, List.of(operand), List.of(result), node.location()));
    return Optional.of(result);
  }

  private static boolean isWhole(Slice slice, Value operand) {
    return slice.starts().stream().allMatch(start -> start == 0)
        && slice.steps().stream().allMatch(step -> step == 1)
        && slice.extents().equals(operand.type().shape().dimensions());
  }

  private static Op merge(Op first, Op second) {
    if (first instanceof Transpose inner && second instanceof Transpose outer) {
      return new Transpose(
          outer.permutation().stream().map(axis -> inner.permutation().get(axis)).toList());
    }
    return second;
  }

  private static boolean isIdentity(Op op, Value operand) {
    if (op instanceof Transpose transpose) {
      List<Integer> permutation = transpose.permutation();
      return permutation.equals(permutation.stream().sorted().toList());
    }
    return ((Reshape) op).shape().equals(operand.type().shape().dimensions());
  }
}
