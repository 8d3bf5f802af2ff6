// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.network;

import dev.etch.diagnostic.CompilerBug;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.BatchNormalization;
import dev.etch.op.Constant;
import dev.etch.op.Conv2d;
import dev.etch.op.Dense;
import dev.etch.op.Softmax;
import dev.etch.tensor.DenseWeights;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.Weights;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A network of float operators whose constants are trained. It is a graph of Etch's, and a trained
 * network is another graph with other constants, so that there is one form of networks.
 *
 * @param graph one float input of a single item, one float output
 */
public record Network(Graph graph) {
  /**
   * Checks the graph.
   *
   * @throws DiagnosticException if it has another form, or no weights
   */
  public Network {
    requireOne("inputs", graph.inputs(), graph);
    requireOne("outputs", graph.outputs(), graph);
    if (layers(graph).isEmpty()) {
      throw problem(
          graph,
          "has no convolution or dense layer with float weights",
          "give a float model: one that is quantized already cannot be trained");
    }
  }

  private static void requireOne(String what, List<Value> values, Graph graph) {
    if (values.size() != 1 || !values.get(0).type().isFloat()) {
      throw problem(
          graph,
          "has the " + what + " " + values + ", not a single one of floats",
          "cut it with --inputs and --outputs, or convert it to float32");
    }
    if (values.get(0).type().shape().rank() < 2 || values.get(0).type().shape().dimension(0) != 1) {
      throw problem(
          graph,
          "has the " + what + " " + values + ", whose first extent is not a batch of 1",
          "export the model with a batch of 1");
    }
  }

  private static DiagnosticException problem(Graph graph, String message, String help) {
    return new DiagnosticException(Location.file(graph.name()), "the model " + message, help);
  }

  /** What it takes. */
  public Value input() {
    return graph.inputs().get(0);
  }

  /** What is trained: the output, or what the softmax that gives it reads. */
  public Value scores() {
    Value output = graph.outputs().get(0);
    return graph
        .producer(output)
        .filter(node -> node.op() instanceof Softmax)
        .map(node -> node.inputs().get(0))
        .orElse(output);
  }

  /** The nodes that the scores depend on, in order. */
  public List<Node> nodes() {
    Set<Value> wanted = new HashSet<>(List.of(scores()));
    ArrayDeque<Node> needed = new ArrayDeque<>();
    for (int i = graph.nodes().size() - 1; i >= 0; i--) {
      Node node = graph.nodes().get(i);
      if (node.outputs().stream().anyMatch(wanted::contains)) {
        needed.addFirst(node);
        wanted.addAll(node.inputs());
      }
    }
    return List.copyOf(needed);
  }

  /** Convolutions and dense layers, in the order of the nodes. */
  public List<WeightedLayer> layers() {
    return layers(graph);
  }

  private static List<WeightedLayer> layers(Graph graph) {
    List<WeightedLayer> layers = new ArrayList<>();
    for (Node node : graph.nodes()) {
      if ((node.op() instanceof Conv2d || node.op() instanceof Dense)
          && constant(graph, node, 1).isPresent()) {
        Value weights = node.inputs().get(1);
        Optional<String> bias = constant(graph, node, 2).map(Value::name);
        layers.add(new WeightedLayer(node, weights.name(), weights.type().shape(), bias));
      }
    }
    return layers;
  }

  private static Optional<Value> constant(Graph graph, Node node, int operand) {
    return Optional.of(node.inputs())
        .filter(inputs -> inputs.size() > operand)
        .map(inputs -> inputs.get(operand))
        .filter(value -> graph.constant(value).isPresent() && value.type().isFloat());
  }

  /** The layer with weights of this name. */
  public WeightedLayer layer(String weights) {
    return layers().stream()
        .filter(layer -> layer.weights().equals(weights))
        .findFirst()
        .orElseThrow(() -> new CompilerBug("no layer has the weights " + weights));
  }

  /** Values of all constants that are trained. */
  public Parameters parameters() {
    Set<Value> trained = new LinkedHashSet<>();
    for (Node node : graph.nodes()) {
      if (node.op() instanceof Conv2d
          || node.op() instanceof Dense
          || node.op() instanceof BatchNormalization) {
        constant(graph, node, 1).ifPresent(trained::add);
        constant(graph, node, 2).ifPresent(trained::add);
      }
    }
    return floats(trained);
  }

  /** Means and variances of batch normalizations, which training counts. */
  public Parameters statistics() {
    Set<Value> counted = new LinkedHashSet<>();
    for (Node node : graph.nodes()) {
      if (node.op() instanceof BatchNormalization) {
        constant(graph, node, 3).ifPresent(counted::add);
        constant(graph, node, 4).ifPresent(counted::add);
      }
    }
    return floats(counted);
  }

  private Parameters floats(Set<Value> values) {
    Map<String, float[]> arrays = new LinkedHashMap<>();
    for (Value value : values) {
      Weights weights = graph.constant(value).orElseThrow();
      arrays.put(value.name(), ((FloatTensor) weights.decode()).data().clone());
    }
    return new Parameters(arrays);
  }

  /** The network with other values of some constants. */
  public Network with(Parameters values) {
    List<Node> nodes = new ArrayList<>();
    for (Node node : graph.nodes()) {
      float[] array = values.arrays().get(node.output().name());
      nodes.add(array == null ? node : constant(node, array));
    }
    return new Network(new Graph(graph.name(), graph.inputs(), graph.outputs(), nodes));
  }

  private static Node constant(Node node, float[] array) {
    FloatTensor tensor = new FloatTensor(node.output().type(), array.clone());
    return new Node(
        node.name(),
        new Constant(new DenseWeights(tensor)),
        node.inputs(),
        node.outputs(),
        node.location());
  }
}
