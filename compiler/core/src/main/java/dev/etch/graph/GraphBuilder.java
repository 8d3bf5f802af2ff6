// SPDX-License-Identifier: Apache-2.0
package dev.etch.graph;

import dev.etch.diagnostic.Location;
import dev.etch.op.Constant;
import dev.etch.op.Op;
import dev.etch.tensor.DenseWeights;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import dev.etch.tensor.Weights;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Builds a graph node by node, in topological order; infers result types and makes names unique.
 */
public final class GraphBuilder {
  private final String name;
  private final List<Value> inputs = new ArrayList<>();
  private final List<Value> outputs = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();
  private final Set<String> valueNames = new HashSet<>();
  private final Set<String> nodeNames = new HashSet<>();
  private final Map<String, Integer> suffixes = new HashMap<>();

  /** Starts an empty graph. */
  public GraphBuilder(String name) {
    this.name = name;
  }

  /** Adds a graph input. */
  public Value input(String wanted, TensorType type) {
    Value value = new Value(unique(wanted, valueNames), type);
    inputs.add(value);
    return value;
  }

  /** Adds a node with one result, which is named after {@code resultName}. */
  public Value add(
      String nodeName, String resultName, Op op, Location location, Value... operands) {
    List<TensorType> types = op.infer(java.util.Arrays.stream(operands).map(Value::type).toList());
    Value result = new Value(unique(resultName, valueNames), types.get(0));
    nodes.add(
        new Node(unique(nodeName, nodeNames), op, List.of(operands), List.of(result), location));
    return result;
  }

  /** Adds a node whose result has the node's name. */
  public Value add(String nodeName, Op op, Location location, Value... operands) {
    return add(nodeName, nodeName, op, location, operands);
  }

  /** Adds a finished node as it is; its names must be new. */
  public void add(Node node) {
    nodeNames.add(node.name());
    node.outputs().forEach(v -> valueNames.add(v.name()));
    nodes.add(node);
  }

  /** Adds a constant. */
  public Value constant(String wanted, Weights weights, Location location) {
    return add(wanted, new Constant(weights), location);
  }

  /** Adds a dense constant. */
  public Value constant(String wanted, Tensor tensor, Location location) {
    return constant(wanted, new DenseWeights(tensor), location);
  }

  /** Marks a value as graph output. */
  public void output(Value value) {
    outputs.add(value);
  }

  /** The verified graph. */
  public Graph build() {
    return new Graph(name, inputs, outputs, nodes);
  }

  private String unique(String wanted, Set<String> taken) {
    String candidate = wanted;
    // Counting on from the last number keeps this linear for a model with one name for everything.
    int i = suffixes.getOrDefault(wanted, 0);
    while (!taken.add(candidate)) {
      i++;
      candidate = wanted + "_" + i;
    }
    suffixes.put(wanted, i);
    return candidate;
  }
}
