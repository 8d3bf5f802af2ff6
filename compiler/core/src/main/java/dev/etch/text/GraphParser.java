// SPDX-License-Identifier: Apache-2.0
package dev.etch.text;

import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.OperatorException;
import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.Op;
import dev.etch.op.Operators;
import dev.etch.tensor.TensorType;
import dev.etch.text.antlr.EtchParser;
import dev.etch.text.antlr.EtchParser.GraphFileContext;
import dev.etch.text.antlr.EtchParser.NodeContext;
import dev.etch.text.antlr.EtchParser.TypeContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.antlr.v4.runtime.Token;

/** Reads what {@link GraphPrinter} writes, and what people write in that syntax. */
public final class GraphParser {
  private final SourceText source;
  private final RecordReader records;
  private final Map<String, Value> values = new HashMap<>();
  private final Set<String> nodeNames = new HashSet<>();

  private GraphParser(SourceText source) {
    this.source = source;
    this.records = new RecordReader(source, Map.of());
  }

  /**
   * Parses a graph.
   *
   * @param file name for diagnostics
   * @throws DiagnosticException with line and column if the text is not a valid graph
   */
  public static Graph parse(String file, String text) {
    SourceText source = new SourceText(file, text);
    return new GraphParser(source).graph(source.parse(EtchParser::graphFile));
  }

  private Graph graph(GraphFileContext context) {
    List<Value> inputs = new ArrayList<>();
    for (var input : context.graphInput()) {
      inputs.add(define(input.value, type(input.type())));
    }
    List<Node> nodes = new ArrayList<>();
    context.node().forEach(node -> nodes.add(node(node)));
    List<Value> outputs = context.graphOutput().stream().map(o -> resolve(o.value)).toList();
    return new Graph(Quoting.unquote(context.name.getText()), inputs, outputs, nodes);
  }

  private Node node(NodeContext context) {
    Op op = operator(context);
    List<Value> operands = context.operands.stream().map(this::resolve).toList();
    List<TensorType> types = context.types.stream().map(this::type).toList();
    checkTypes(context, op, operands, types);
    List<Value> results = new ArrayList<>();
    for (int i = 0; i < types.size(); i++) {
      results.add(define(context.results.get(i), types.get(i)));
    }
    String name =
        context.name == null ? results.get(0).name() : Quoting.unquote(context.name.getText());
    if (!nodeNames.add(name)) {
      throw source.error(context.getStart(), "two nodes named " + Quoting.quote(name), "");
    }
    return new Node(name, op, operands, results, source.at(context.getStart()));
  }

  private Op operator(NodeContext context) {
    String name = context.operator.getText();
    Class<? extends Op> operator =
        Operators.all().stream()
            .filter(c -> GraphPrinter.operatorName(c).equals(name))
            .findFirst()
            .orElseThrow(() -> source.error(context.operator, "no operator " + name, operators()));
    return records.record(operator, context.attributes(), context.operator);
  }

  private static String operators() {
    return Operators.all().stream()
        .map(GraphPrinter::operatorName)
        .collect(Collectors.joining(", ", "one of: ", ""));
  }

  private void checkTypes(
      NodeContext context, Op op, List<Value> operands, List<TensorType> types) {
    List<TensorType> inferred;
    try {
      inferred = op.infer(operands.stream().map(Value::type).toList());
    } catch (OperatorException e) {
      throw source.error(context.operator, e.getMessage(), e.help());
    }
    if (!inferred.equals(types) || context.results.size() != types.size()) {
      String types1 = inferred.stream().map(String::valueOf).collect(Collectors.joining(", "));
      throw source.error(
          context.operator, "the result is " + types1, "write that behind the colon");
    }
  }

  private TensorType type(TypeContext context) {
    try {
      return LiteralCodec.readType(context);
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw source.error(context.getStart(), "not a type: " + e.getMessage(), "");
    }
  }

  private Value define(Token token, TensorType type) {
    String name = Quoting.unvalue(token.getText());
    Value value = new Value(name, type);
    if (values.put(name, value) != null) {
      throw source.error(token, "value " + token.getText() + " is defined twice", "");
    }
    return value;
  }

  private Value resolve(Token token) {
    Value value = values.get(Quoting.unvalue(token.getText()));
    if (value == null) {
      throw source.error(
          token, "value " + token.getText() + " is not defined above", "define it before its use");
    }
    return value;
  }
}
