// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import dev.etch.graph.Graph;
import dev.etch.graph.Value;
import dev.etch.reference.Interpreter;
import dev.etch.reference.SequenceStates;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A model as the reference runs it.
 *
 * @param input what a frame is
 * @param outputs in the order of results
 * @param isRecurrent whether results depend on the frames before
 * @param run a frame, and the states of its sequence, to its results
 */
record ReferenceModel(
    TensorType input,
    List<Value> outputs,
    boolean isRecurrent,
    BiFunction<Tensor, SequenceStates, List<Tensor>> run) {
  /**
   * The results of each frame.
   *
   * @param length frames of a sequence, at least 1; of a model that is not recurrent any number
   */
  List<List<Tensor>> runAll(List<Tensor> frames, int length) {
    int sequences = (frames.size() - 1) / length + 1;
    return IntStream.range(0, sequences)
        .parallel()
        .mapToObj(s -> frames.subList(s * length, Math.min(frames.size(), (s + 1) * length)))
        .flatMap(this::runSequence)
        .toList();
  }

  private Stream<List<Tensor>> runSequence(List<Tensor> frames) {
    SequenceStates states = new SequenceStates();
    return frames.stream().map(frame -> run.apply(frame, states)).toList().stream();
  }

  /** A quantized model with its host parts. */
  static ReferenceModel of(HostedModel hosted) {
    return new ReferenceModel(
        hosted.inputType(), hosted.outputs(), hosted.isRecurrent(), hosted::run);
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
        graph.inputs().get(0).type(),
        graph.outputs(),
        interpreter.isRecurrent(),
        (frame, states) -> interpreter.run(List.of(frame), states));
  }
}
