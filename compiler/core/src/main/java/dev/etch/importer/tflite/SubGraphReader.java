// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.Location;
import dev.etch.diagnostic.OperatorException;
import dev.etch.diagnostic.Printable;
import dev.etch.graph.Graph;
import dev.etch.graph.GraphBuilder;
import dev.etch.importer.Refusal;
import dev.etch.importer.TfliteKernels;
import dev.etch.importer.tflite.operator.FloatOperatorRegistry;
import dev.etch.importer.tflite.operator.OperatorContext;
import dev.etch.importer.tflite.operator.OperatorReader;
import dev.etch.importer.tflite.operator.OperatorRegistry;
import dev.etch.importer.tflite.operator.TensorScope;
import dev.etch.importer.tflite.schema.BuiltinOperator;
import dev.etch.importer.tflite.schema.MalformedFile;
import dev.etch.importer.tflite.schema.OperatorCode;
import dev.etch.importer.tflite.schema.TfliteModel;
import dev.etch.importer.tflite.schema.TfliteOperator;
import dev.etch.importer.tflite.schema.TfliteSubGraph;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads the one subgraph of a model: inputs, operators in the file's order, outputs. */
final class SubGraphReader {
  private final TfliteModel model;
  private final String file;
  private final TfliteKernels kernels;
  private final DiagnosticCollector diagnostics;
  private boolean isFloat;

  SubGraphReader(
      TfliteModel model, String file, TfliteKernels kernels, DiagnosticCollector diagnostics) {
    this.model = model;
    this.file = file;
    this.kernels = kernels;
    this.diagnostics = diagnostics;
  }

  /**
   * The graph.
   *
   * @throws dev.etch.diagnostic.DiagnosticException with everything that is wrong
   */
  Graph read() {
    if (model.subGraphs().size() != 1) {
      diagnostics.error(
          Location.file(file),
          "the model has " + model.subGraphs().size() + " subgraphs",
          "only models with one subgraph are supported: no control flow, no variables");
      diagnostics.throwIfErrors();
    }
    TfliteSubGraph subGraph = model.subGraphs().get(0);
    GraphBuilder builder = new GraphBuilder(graphName(subGraph));
    TensorScope scope = new TensorScope(model, subGraph, file, kernels, builder);
    checkEnds(subGraph);
    List<TfliteOperator> operators = LiveOperators.of(model, subGraph);
    isFloat = FloatModels.check(model, scope, operators, file, diagnostics);
    readInputs(subGraph, scope);
    operators.forEach(operator -> read(operator, scope));
    diagnostics.throwIfErrors();
    for (int output : subGraph.outputs()) {
      guarded(scope, output, "output", () -> builder.output(scope.value(output)));
    }
    diagnostics.throwIfErrors();
    return builder.build();
  }

  /** Converters call every graph "main", which says less than the file's name. */
  private String graphName(TfliteSubGraph subGraph) {
    if (!subGraph.name().isEmpty() && !subGraph.name().equals("main")) {
      return Printable.of(subGraph.name());
    }
    String fileName = String.valueOf(Path.of(file).getFileName());
    return Printable.of(fileName.replaceFirst("\\.tflite$", ""));
  }

  private void checkEnds(TfliteSubGraph subGraph) {
    checkEnd(subGraph.inputs(), "input");
    checkEnd(subGraph.outputs(), "output");
    diagnostics.throwIfErrors();
  }

  private void checkEnd(List<Integer> tensors, String kind) {
    if (tensors.isEmpty()) {
      diagnostics.error(Location.file(file), "the model has no " + kind, "convert it again");
    }
    Set<Integer> distinct = new HashSet<>(tensors);
    if (distinct.size() != tensors.size()) {
      diagnostics.error(Location.file(file), "an " + kind + " is listed twice", "convert it again");
    }
  }

  private void readInputs(TfliteSubGraph subGraph, TensorScope scope) {
    for (int input : subGraph.inputs()) {
      guarded(scope, input, "input", () -> scope.defineInput(input));
    }
  }

  private void guarded(TensorScope scope, int tensor, String kind, Runnable action) {
    try {
      action.run();
    } catch (Refusal e) {
      diagnostics.error(Location.node(file, scope.name(tensor), kind), e.getMessage(), e.help());
    }
  }

  private void read(TfliteOperator operator, TensorScope scope) {
    if (operator.code() < 0 || operator.code() >= model.operatorCodes().size()) {
      throw new MalformedFile("an operator has the unknown code " + operator.code());
    }
    OperatorCode code = model.operatorCodes().get(operator.code());
    Optional<BuiltinOperator> builtin = BuiltinOperator.of(code.builtin());
    OperatorContext node = new OperatorContext(operator, OperatorNames.of(code), scope, file);
    try {
      Optional<OperatorReader> reader = builtin.flatMap(this::reader);
      if (reader.isEmpty()) {
        throw UnsupportedOperators.refusal(code, builtin, computed(operator, scope), isFloat);
      }
      if (scope.isAnyRefused(operator.inputs())) {
        scope.refuse(operator.outputs());
        return;
      }
      reader.get().read(node);
    } catch (Refusal e) {
      refuse(node, operator, scope, e.getMessage(), e.help());
    } catch (OperatorException e) {
      refuse(node, operator, scope, e.getMessage(), e.help());
    } catch (ArithmeticException e) {
      refuse(node, operator, scope, "its result is too large", "at most 2^31 - 1 elements");
    }
  }

  private Optional<OperatorReader> reader(BuiltinOperator operator) {
    return isFloat ? FloatOperatorRegistry.reader(operator) : OperatorRegistry.reader(operator);
  }

  private static List<String> computed(TfliteOperator operator, TensorScope scope) {
    return operator.inputs().stream().filter(scope::isComputed).map(scope::name).toList();
  }

  private void refuse(
      OperatorContext node,
      TfliteOperator operator,
      TensorScope scope,
      String message,
      String help) {
    diagnostics.error(node.location(), message, help);
    scope.refuse(operator.outputs());
  }
}
