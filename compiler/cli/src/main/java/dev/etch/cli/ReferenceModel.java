// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import dev.etch.graph.Graph;
import dev.etch.graph.Value;
import dev.etch.reference.Interpreter;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A model as the reference runs it.
 *
 * @param input what a frame is
 * @param run a frame to its result
 */
record ReferenceModel(TensorType input, UnaryOperator<Tensor> run) {
  /** A quantized model with its host parts. */
  static ReferenceModel of(HostedModel hosted) {
    return new ReferenceModel(hosted.inputType(), hosted::run);
  }

  /**
   * Whether a graph computes in floating point from beginning to end, so that no part is hardware.
   */
  static boolean isFloat(Graph graph) {
    return graph.nodes().stream()
        .flatMap(node -> node.outputs().stream())
        .allMatch(value -> value.type().isFloat());
  }

  /** A model that computes in floating point. */
  static ReferenceModel ofFloats(Graph graph) {
    Interpreter interpreter = new Interpreter(graph);
    Value input = one("inputs", graph.inputs(), graph);
    one("outputs", graph.outputs(), graph);
    return new ReferenceModel(input.type(), frame -> interpreter.run(List.of(frame)).get(0));
  }

  private static Value one(String what, List<Value> values, Graph graph) {
    if (values.size() != 1) {
      throw new DiagnosticException(
          Location.file(graph.name()),
          "the model has " + values.size() + " " + what,
          "cut it with --inputs and --outputs");
    }
    return values.get(0);
  }
}
