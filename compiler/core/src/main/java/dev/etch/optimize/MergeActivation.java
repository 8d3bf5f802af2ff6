// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.Op;
import dev.etch.op.QuantizedAdd;
import dev.etch.op.Requantize;
import dev.etch.op.requantization.DequantizeThenQuantize;
import dev.etch.pass.GraphRewriter;
import dev.etch.pass.Pass;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Merges a Requantize that only clamps (an activation between equal quantizations) into the clamp
 * of the Requantize or QuantizedAdd in front of it, if nothing else reads that. The node in front
 * is left without readers.
 */
public final class MergeActivation implements Pass {
  @Override
  public String name() {
    return "merge-activation";
  }

  @Override
  public Graph run(Graph graph, DiagnosticCollector diagnostics) {
    Map<Value, Node> producers = graph.producers();
    Map<Value, List<Node>> consumers = graph.consumers();
    return GraphRewriter.rewrite(
        graph,
        (node, rewriter) -> {
          Optional<DequantizeThenQuantize> clamp = onlyClamp(node);
          if (clamp.isEmpty()) {
            return Optional.empty();
          }
          Value operand = node.inputs().get(0);
          Node before = producers.get(operand);
          if (before == null
              || consumers.get(operand).size() != 1
              || graph.outputs().contains(operand)) {
            return Optional.empty();
          }
          return clamped(before.op(), clamp.get(), (Requantize) node.op())
              .map(
                  op ->
                      rewriter.addLike(
                          node, op, before.inputs().stream().map(rewriter::mapped).toList()));
        });
  }

  /** The staircase of a Requantize that passes values through, apart from its clamp. */
  private static Optional<DequantizeThenQuantize> onlyClamp(Node node) {
    if (node.op() instanceof Requantize requantize
        && requantize.channels().size() == 1
        && requantize.channels().get(0) instanceof DequantizeThenQuantize staircase
        && node.inputs().get(0).type().element().equals(requantize.output())
        && staircase.inputScale() == staircase.outputScale()
        && staircase.inputZeroPoint() == staircase.outputZeroPoint()) {
      return Optional.of(staircase);
    }
    return Optional.empty();
  }

  private static Optional<Op> clamped(Op before, DequantizeThenQuantize clamp, Requantize node) {
    int low = clamp.low();
    int high = clamp.high();
    if (before instanceof Requantize requantize) {
      return Optional.of(
          new Requantize(
              requantize.channels().stream().map(c -> c.clampedTo(low, high)).toList(),
              requantize.channelAxis(),
              node.output()));
    }
    if (before instanceof QuantizedAdd add) {
      return Optional.of(new QuantizedAdd(add.sum().clampedTo(low, high), node.output()));
    }
    return Optional.empty();
  }
}
