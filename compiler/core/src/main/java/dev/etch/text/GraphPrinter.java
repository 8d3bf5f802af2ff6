// SPDX-License-Identifier: Apache-2.0
package dev.etch.text;

import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Prints a graph so that {@link GraphParser} reads the same graph back. */
public final class GraphPrinter {
  private GraphPrinter() {}

  /** The text, ending with a line feed. */
  public static String print(Graph graph) {
    StringBuilder text = new StringBuilder();
    text.append("graph ").append(Quoting.quote(graph.name())).append('\n');
    for (Value input : graph.inputs()) {
      text.append("input ").append(Quoting.value(input.name()));
      text.append(" : ").append(input.type()).append('\n');
    }
    graph.nodes().forEach(node -> text.append(print(node)).append('\n'));
    for (Value output : graph.outputs()) {
      text.append("output ").append(Quoting.value(output.name())).append('\n');
    }
    return text.toString();
  }

  private static String print(Node node) {
    String attributes = RecordPrinter.attributes((Record) node.op());
    String types =
        node.outputs().stream().map(v -> v.type().toString()).collect(Collectors.joining(", "));
    boolean named = !node.name().equals(node.output().name());
    return values(node.outputs())
        + " = "
        + operatorName(node.op().getClass())
        + "("
        + values(node.inputs())
        + ")"
        + (attributes.equals("{}") ? "" : " " + attributes)
        + " : "
        + types
        + (named ? " named " + Quoting.quote(node.name()) : "");
  }

  /** {@code IntegerConv2d} is written integerConv2d. */
  static String operatorName(Class<?> operator) {
    String name = operator.getSimpleName();
    return name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
  }

  private static String values(List<Value> values) {
    return values.stream().map(v -> Quoting.value(v.name())).collect(Collectors.joining(", "));
  }
}
