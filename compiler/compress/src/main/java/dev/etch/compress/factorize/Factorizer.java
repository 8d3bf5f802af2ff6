// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.factorize;

import dev.etch.compress.network.Network;
import dev.etch.compress.network.Parameters;
import dev.etch.compress.network.WeightedLayer;
import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.GraphBuilder;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.optimize.EliminateDeadCode;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Replaces layers of a network by the product of smaller ones. */
public final class Factorizer {
  private Factorizer() {}

  /**
   * The network with factors in place of layers that a method takes and that become smaller by it.
   * The factors of layer {@code ip1} are {@code ip1.1}, {@code ip1.2} and so on; the last has its
   * biases.
   *
   * @param rules how ranks are chosen, by the names of layers; others stay as they are
   */
  public static Network factorize(Network network, Method method, Map<String, RankRule> rules) {
    Map<Node, List<Factor>> factors = new LinkedHashMap<>();
    Parameters parameters = network.parameters();
    for (WeightedLayer layer : network.layers()) {
      RankRule rule = rules.get(layer.name());
      if (rule != null && method.takes(layer)) {
        List<Factor> found = method.factors(layer, parameters.get(layer.weights()), rule);
        if (size(found) < layer.size()) {
          factors.put(layer.node(), found);
        }
      }
    }
    return replaced(network, factors);
  }

  private static long size(List<Factor> factors) {
    return factors.stream().mapToLong(factor -> factor.weights().shape().elements()).sum();
  }

  private static Network replaced(Network network, Map<Node, List<Factor>> factors) {
    GraphBuilder builder = new GraphBuilder(network.graph().name());
    Map<Value, Value> values = new HashMap<>();
    values.put(network.input(), builder.input(network.input().name(), network.input().type()));
    for (Node node : network.graph().nodes()) {
      List<Factor> found = factors.get(node);
      Value result =
          found == null
              ? builder.add(
                  node.name(),
                  node.output().name(),
                  node.op(),
                  node.location(),
                  node.inputs().stream().map(values::get).toArray(Value[]::new))
              : chain(node, found, values, builder);
      values.put(node.output(), result);
    }
    network.graph().outputs().forEach(output -> builder.output(values.get(output)));
    return new Network(new EliminateDeadCode().run(builder.build(), new DiagnosticCollector()));
  }

  private static Value chain(
      Node node, List<Factor> factors, Map<Value, Value> values, GraphBuilder builder) {
    Value last = values.get(node.inputs().get(0));
    String weights = node.inputs().get(1).name();
    for (int i = 0; i < factors.size(); i++) {
      Factor factor = factors.get(i);
      String suffix = "." + (i + 1);
      Value constant = builder.constant(weights + suffix, factor.weights(), node.location());
      boolean isLast = i == factors.size() - 1;
      Value[] operands =
          isLast && node.inputs().size() > 2
              ? new Value[] {last, constant, values.get(node.inputs().get(2))}
              : new Value[] {last, constant};
      last =
          builder.add(
              node.name() + suffix,
              isLast ? node.output().name() : node.output().name() + suffix,
              factor.op(),
              node.location(),
              operands);
    }
    return last;
  }
}
