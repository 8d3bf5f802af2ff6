// SPDX-License-Identifier: Apache-2.0
package dev.etch.graph;

import dev.etch.diagnostic.CompilerBug;
import dev.etch.op.Constant;
import dev.etch.tensor.Weights;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * An immutable dataflow graph in static single assignment form; nodes are in topological order.
 *
 * @param name of the model
 * @param inputs values that come from outside
 * @param outputs values that leave
 * @param nodes each after the producers of its operands
 */
public final class Graph {
  private final String name;
  private final List<Value> inputs;
  private final List<Value> outputs;
  private final List<Node> nodes;
  private final Map<Value, Node> producers = new HashMap<>();

  /**
   * A verified graph.
   *
   * @throws CompilerBug if the nodes are not in order, names are not unique, or types do not fit
   */
  public Graph(String name, List<Value> inputs, List<Value> outputs, List<Node> nodes) {
    this.name = name;
    this.inputs = List.copyOf(inputs);
    this.outputs = List.copyOf(outputs);
    this.nodes = List.copyOf(nodes);
    verify(this.inputs, this.outputs, this.nodes);
    this.nodes.forEach(node -> node.outputs().forEach(value -> producers.put(value, node)));
  }

  public String name() {
    return name;
  }

  public List<Value> inputs() {
    return inputs;
  }

  public List<Value> outputs() {
    return outputs;
  }

  /** Each behind the nodes whose values it reads. */
  public List<Node> nodes() {
    return nodes;
  }

  private static void verify(List<Value> inputs, List<Value> outputs, List<Node> nodes) {
    Set<Value> known = new HashSet<>();
    Set<String> names = new HashSet<>();
    for (Value input : inputs) {
      define(input, known, names);
    }
    Set<String> nodeNames = new HashSet<>();
    for (Node node : nodes) {
      if (!nodeNames.add(node.name())) {
        throw new CompilerBug("two nodes named " + node.name());
      }
      for (Value operand : node.inputs()) {
        if (!known.contains(operand)) {
          throw new CompilerBug("node " + node.name() + " reads undefined value " + operand);
        }
      }
      if (!node.op()
          .infer(node.inputs().stream().map(Value::type).toList())
          .equals(node.outputs().stream().map(Value::type).toList())) {
        throw new CompilerBug("node " + node.name() + " has results of a type that it cannot give");
      }
      node.outputs().forEach(v -> define(v, known, names));
    }
    for (Value output : outputs) {
      if (!known.contains(output)) {
        throw new CompilerBug("graph output " + output + " is undefined");
      }
    }
  }

  private static void define(Value value, Set<Value> known, Set<String> names) {
    if (!names.add(value.name())) {
      throw new CompilerBug("value " + value.name() + " is defined twice");
    }
    known.add(value);
  }

  /** Whether all that it computes are floats, from floats. */
  public boolean isFloat() {
    return nodes.stream()
        .flatMap(node -> node.outputs().stream())
        .allMatch(value -> value.type().isFloat());
  }

  /** The node that makes {@code value}; empty for a graph input. */
  public Optional<Node> producer(Value value) {
    return Optional.ofNullable(producers.get(value));
  }

  /** Every value with the nodes that read it, in order; a node that reads it twice counts twice. */
  public Map<Value, List<Node>> consumers() {
    Map<Value, List<Node>> consumers = new LinkedHashMap<>();
    for (Node node : nodes) {
      for (Value operand : node.inputs()) {
        consumers.computeIfAbsent(operand, v -> new ArrayList<>()).add(node);
      }
    }
    return consumers;
  }

  /** Every value with its producer; graph inputs are left out. */
  public Map<Value, Node> producers() {
    return Collections.unmodifiableMap(producers);
  }

  /** The constant behind {@code value}, if a Constant node makes it. */
  public Optional<Weights> constant(Value value) {
    return producer(value)
        .filter(n -> n.op() instanceof Constant)
        .map(n -> ((Constant) n.op()).weights());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Graph graph
        && name.equals(graph.name)
        && inputs.equals(graph.inputs)
        && outputs.equals(graph.outputs)
        && nodes.equals(graph.nodes);
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, inputs, outputs, nodes);
  }
}
