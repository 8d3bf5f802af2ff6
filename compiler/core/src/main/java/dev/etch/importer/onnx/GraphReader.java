// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import dev.etch.diagnostic.Printable;
import dev.etch.graph.Graph;
import dev.etch.graph.GraphBuilder;
import dev.etch.graph.Value;
import dev.etch.importer.Refusal;
import dev.etch.importer.onnx.data.Operand;
import dev.etch.importer.onnx.data.SparseTensorReader;
import dev.etch.importer.onnx.data.TensorReader;
import dev.etch.importer.onnx.format.GraphProto;
import dev.etch.importer.onnx.format.NodeProto;
import dev.etch.importer.onnx.format.SparseTensorProto;
import dev.etch.importer.onnx.format.TensorProto;
import dev.etch.importer.onnx.format.ValueInfoProto;
import dev.etch.importer.onnx.operator.Scope;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** Reads the graph of a model: constants, inputs, nodes in order, outputs. */
final class GraphReader {
  private static final int MOST_PARTS = 100_000;

  private final GraphProto proto;
  private final String file;
  private final OperatorSets operatorSets;
  private final TensorReader tensors;
  private final DiagnosticCollector diagnostics;
  private final GraphBuilder builder;
  private final Annotations annotations;
  private final Map<String, Operand> known = new LinkedHashMap<>();

  GraphReader(
      GraphProto proto,
      String file,
      OperatorSets operatorSets,
      TensorReader tensors,
      DiagnosticCollector diagnostics) {
    this.proto = proto;
    this.file = file;
    this.operatorSets = operatorSets;
    this.tensors = tensors;
    this.diagnostics = diagnostics;
    this.annotations = new Annotations(proto);
    this.builder =
        new GraphBuilder(proto.getName().isEmpty() ? "model" : Printable.of(proto.getName()));
  }

  /**
   * The graph.
   *
   * @throws dev.etch.diagnostic.DiagnosticException with everything that is wrong
   */
  Graph read() {
    checkSize();
    readConstants();
    readInputs();
    Set<String> outputs = outputNames();
    NodeNames names = new NodeNames(file, proto.getNodeList());
    List<NodeProto> order =
        NodeOrder.of(proto.getNodeList(), known.keySet(), outputs, names, diagnostics);
    Scope scope = new Scope(file, builder, tensors, used(order, outputs));
    known.forEach(
        (name, operand) ->
            guarded(
                location(name, "constant"),
                () -> {
                  scope.define(name, operand);
                  return operand;
                }));
    NodeReader nodes = new NodeReader(operatorSets, names, scope, diagnostics);
    order.forEach(nodes::read);
    diagnostics.throwIfErrors();
    for (String output : outputs) {
      guarded(location(output, "output"), () -> scope.value(output)).forEach(builder::output);
    }
    diagnostics.throwIfErrors();
    return builder.build();
  }

  private void checkSize() {
    int parts =
        Math.max(
            Math.max(proto.getNodeCount(), proto.getInitializerCount()),
            Math.max(proto.getInputCount(), proto.getOutputCount()));
    if (Math.max(parts, proto.getSparseInitializerCount()) > MOST_PARTS) {
      throw new DiagnosticException(
          Location.file(file),
          "the graph has " + parts + " nodes, constants, inputs or outputs",
          "at most " + MOST_PARTS + " of each are read");
    }
  }

  private void readConstants() {
    SparseTensorReader sparse = new SparseTensorReader(tensors);
    for (TensorProto tensor : proto.getInitializerList()) {
      String name = tensor.getName();
      Location location = location(name, "initializer");
      define(name, "initializer", () -> annotations.constant(name, tensors.read(tensor), location));
    }
    for (SparseTensorProto tensor : proto.getSparseInitializerList()) {
      define(tensor.getValues().getName(), "sparse initializer", () -> sparse.read(tensor));
    }
  }

  private void readInputs() {
    Set<String> constants = Set.copyOf(known.keySet());
    int inputs = 0;
    for (ValueInfoProto input : proto.getInputList()) {
      // Before IR version 4 every initializer was an input, too.
      if (!constants.contains(input.getName())) {
        inputs++;
        define(input.getName(), "input", () -> new Operand.Dynamic(annotated(input)));
      }
    }
    if (inputs == 0) {
      diagnostics.error(Location.file(file), "the model has no input", "");
    }
  }

  private Value annotated(ValueInfoProto input) {
    Value value = builder.input(Printable.of(input.getName()), GraphInputs.type(input.getType()));
    return annotations.input(input.getName(), value, location(input.getName(), "input"), builder);
  }

  private void define(String name, String kind, Supplier<Operand> reader) {
    Location location = location(name, kind);
    if (name.isEmpty() || known.containsKey(name)) {
      diagnostics.error(
          location,
          name.isEmpty()
              ? kind + " without a name"
              : "'" + Printable.of(name) + "' is defined twice",
          "export the model again");
      return;
    }
    List<Operand> operand = guarded(location, reader);
    known.put(name, operand.isEmpty() ? new Operand.Refused() : operand.get(0));
  }

  /** The result, or nothing if it was refused and reported. */
  private <T> List<T> guarded(Location location, Supplier<T> reader) {
    try {
      return List.of(reader.get());
    } catch (Refusal e) {
      diagnostics.error(location, e.getMessage(), e.help());
      return List.of();
    }
  }

  private Location location(String name, String kind) {
    return Location.node(file, name, kind);
  }

  private Set<String> outputNames() {
    Set<String> names = new LinkedHashSet<>();
    Set<String> defined = new HashSet<>(known.keySet());
    proto.getNodeList().forEach(n -> defined.addAll(n.getOutputList()));
    for (ValueInfoProto output : proto.getOutputList()) {
      String name = output.getName();
      if (name.isEmpty() || names.contains(name) || !defined.contains(name)) {
        diagnostics.error(
            location(name, "output"),
            names.contains(name) && !name.isEmpty()
                ? "output is listed twice"
                : "nothing in the graph defines this output",
            "export the model again");
      } else {
        names.add(name);
      }
    }
    if (proto.getOutputCount() == 0) {
      diagnostics.error(Location.file(file), "the model has no output", "");
    }
    return names;
  }

  private static Set<String> used(List<NodeProto> order, Set<String> outputs) {
    Set<String> used = new HashSet<>(outputs);
    order.forEach(n -> used.addAll(n.getInputList()));
    return used;
  }
}
