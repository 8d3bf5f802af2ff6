// SPDX-License-Identifier: Apache-2.0
package dev.etch.pass;

import dev.etch.diagnostic.CompilerBug;
import dev.etch.diagnostic.Location;
import dev.etch.graph.Graph;
import dev.etch.graph.GraphBuilder;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.Constant;
import dev.etch.op.Op;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.Weights;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Rebuilds a graph node by node: a rule says for each node which value of the new graph stands for
 * its result, or keeps it. Names and locations are kept; results of the graph keep their names even
 * if another node makes them now.
 */
public final class GraphRewriter {
  private final Graph original;
  private final GraphBuilder builder;
  private final Map<Value, Value> replacements = new HashMap<>();
  private final Map<Value, Weights> constants = new HashMap<>();

  /** Decides about one node. */
  @FunctionalInterface
  public interface Rule {
    /** The value of the new graph that stands for {@code node}'s result; empty keeps the node. */
    Optional<Value> replace(Node node, GraphRewriter rewriter);
  }

  /** Starts a new graph with the inputs of {@code original}. */
  public GraphRewriter(Graph original) {
    this.original = original;
    this.builder = new GraphBuilder(original.name());
    for (Value input : original.inputs()) {
      replacements.put(input, builder.input(input.name(), input.type()));
    }
  }

  /** Applies {@code rule} to every node in order. */
  public static Graph rewrite(Graph graph, Rule rule) {
    GraphRewriter rewriter = new GraphRewriter(graph);
    for (Node node : graph.nodes()) {
      rewriter.replace(
          node.output(), rule.replace(node, rewriter).orElseGet(() -> rewriter.copy(node)));
    }
    return rewriter.finish();
  }

  /** The value of the new graph that stands for a value of the old one. */
  public Value mapped(Value old) {
    Value replacement = replacements.get(old);
    if (replacement == null) {
      throw new CompilerBug("nothing stands for " + old);
    }
    return replacement;
  }

  /** From now on {@code replacement} stands for {@code old}. */
  public void replace(Value old, Value replacement) {
    replacements.put(old, replacement);
  }

  /** Adds {@code node} with its operands replaced; the caller says what it stands for. */
  public Value copy(Node node) {
    return addLike(node, node.op(), node.inputs().stream().map(this::mapped).toList());
  }

  /** Adds a node in the place of {@code node}: with its name, location and result name. */
  public Value addLike(Node node, Op op, List<Value> operands) {
    return add(node.name(), node.output().name(), op, node.location(), operands);
  }

  /** Adds a node on values of the new graph. */
  public Value add(
      String nodeName, String resultName, Op op, Location location, List<Value> operands) {
    Value result = builder.add(nodeName, resultName, op, location, operands.toArray(Value[]::new));
    if (op instanceof Constant constant) {
      constants.put(result, constant.weights());
    }
    return result;
  }

  /** As {@link #addLike}, but evaluates at once if all operands are constant. */
  public Value addFolded(Node node, Op op, List<Value> operands) {
    if (!operands.isEmpty() && operands.stream().allMatch(constants::containsKey)) {
      List<Tensor> tensors = operands.stream().map(v -> constants.get(v).decode()).toList();
      return addLike(
          node,
          new Constant(new dev.etch.tensor.DenseWeights(op.evaluate(tensors).get(0))),
          List.of());
    }
    return addLike(node, op, operands);
  }

  /** The constant that {@code value} of the new graph is. */
  public Optional<Weights> constant(Value value) {
    return Optional.ofNullable(constants.get(value));
  }

  /** The new graph. */
  public Graph finish() {
    original.outputs().forEach(output -> builder.output(mapped(output)));
    return withResultNames(builder.build());
  }

  private Graph withResultNames(Graph graph) {
    Set<String> taken = new HashSet<>();
    graph.inputs().forEach(v -> taken.add(v.name()));
    graph.nodes().forEach(n -> n.outputs().forEach(v -> taken.add(v.name())));
    Map<Value, Value> renamed = new HashMap<>();
    for (int i = 0; i < graph.outputs().size(); i++) {
      Value now = graph.outputs().get(i);
      String name = original.outputs().get(i).name();
      if (!graph.inputs().contains(now) && !renamed.containsKey(now) && taken.add(name)) {
        renamed.put(now, new Value(name, now.type()));
      }
    }
    if (renamed.isEmpty()) {
      return graph;
    }
    List<Node> nodes =
        graph.nodes().stream()
            .map(
                n ->
                    new Node(
                        n.name(),
                        n.op(),
                        rename(n.inputs(), renamed),
                        rename(n.outputs(), renamed),
                        n.location()))
            .toList();
    return new Graph(graph.name(), graph.inputs(), rename(graph.outputs(), renamed), nodes);
  }

  private static List<Value> rename(List<Value> values, Map<Value, Value> renamed) {
    return values.stream().map(v -> renamed.getOrDefault(v, v)).toList();
  }
}
