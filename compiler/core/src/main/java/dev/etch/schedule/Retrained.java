// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.PartitionedModel;
import dev.etch.graph.Value;
import dev.etch.op.Constant;
import dev.etch.pass.GraphRewriter;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A network that was trained again, under the names of the one that was compiled. */
public final class Retrained {
  private static final String REMEDY =
      "weights can be loaded that differ in numbers alone: compile it as a design of its own";

  private final Map<Value, Value> compiled = new HashMap<>();
  private final Iterator<Node> others;

  private Retrained(Iterator<Node> others) {
    this.others = others;
  }

  /**
   * The network that was compiled, with the numbers of another.
   *
   * @throws DiagnosticException if the other one does not have the same layers
   */
  public static PartitionedModel of(PartitionedModel compiled, PartitionedModel other) {
    Graph first = compiled.accelerator();
    Graph second = other.accelerator();
    if (first.nodes().size() != second.nodes().size()) {
      throw new DiagnosticException(
          Location.file(second.name()),
          "its accelerator has %d operators, that of the network that was compiled %d"
              .formatted(second.nodes().size(), first.nodes().size()),
          REMEDY);
    }
    Retrained retrained = new Retrained(second.nodes().iterator());
    retrained.same(second, first.inputs(), second.inputs());
    Graph renamed = GraphRewriter.rewrite(first, retrained::replace);
    retrained.same(second, first.outputs(), second.outputs());
    return new PartitionedModel(other.whole(), other.before(), renamed, other.after());
  }

  private void same(Graph graph, List<Value> firsts, List<Value> seconds) {
    for (int i = 0; i < firsts.size(); i++) {
      Value first = firsts.get(i);
      Value second = seconds.get(i);
      compiled.putIfAbsent(second, first);
      if (!first.type().equals(second.type()) || !compiled.get(second).equals(first)) {
        throw new DiagnosticException(
            Location.file(graph.name()),
            second + " is where the network that was compiled has " + first,
            REMEDY);
      }
    }
  }

  private Optional<Value> replace(Node node, GraphRewriter rewriter) {
    Node other = others.next();
    List<Value> operands = other.inputs().stream().map(compiled::get).toList();
    boolean same =
        node.op().getClass() == other.op().getClass()
            && operands.equals(node.inputs())
            && sameType(node, other);
    if (!same) {
      throw new DiagnosticException(
          other.location(),
          "is where the network that was compiled has the "
              + node.op().getClass().getSimpleName()
              + " "
              + node.output(),
          REMEDY);
    }
    compiled.put(other.output(), node.output());
    List<Value> mapped = node.inputs().stream().map(rewriter::mapped).toList();
    return Optional.of(
        rewriter.add(node.name(), node.output().name(), other.op(), other.location(), mapped));
  }

  /** Constants may have other element types: weights of fewer bits. */
  private static boolean sameType(Node node, Node other) {
    return node.op() instanceof Constant
        ? node.output().type().shape().equals(other.output().type().shape())
        : node.output().type().equals(other.output().type());
  }
}
