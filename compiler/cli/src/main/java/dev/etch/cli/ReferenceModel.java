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
import java.util.function.Function;

/**
 * A model as the reference runs it.
 *
 * @param input what a frame is
 * @param outputs in the order of results
 * @param run a frame to its results
 */
record ReferenceModel(TensorType input, List<Value> outputs, Function<Tensor, List<Tensor>> run) {
  /** A quantized model with its host parts. */
  static ReferenceModel of(HostedModel hosted) {
    return new ReferenceModel(hosted.inputType(), hosted.outputs(), hosted::run);
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
    if (graph.inputs().size() != 1) {
      throw new DiagnosticException(
          Location.file(graph.name()),
          "the model has " + graph.inputs().size() + " inputs",
          "cut it with --inputs");
    }
    return new ReferenceModel(
        graph.inputs().get(0).type(), graph.outputs(), frame -> interpreter.run(List.of(frame)));
  }
}
