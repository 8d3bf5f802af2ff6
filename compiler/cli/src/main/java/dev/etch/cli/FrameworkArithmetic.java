// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.importer.TfliteKernels;
import dev.etch.op.IntegerDense;
import dev.etch.op.Requantize;
import dev.etch.op.requantization.DoubleProduct;
import dev.etch.op.requantization.FixedPoint;
import dev.etch.op.requantization.Requantization;
import dev.etch.op.requantization.ShortFixedPoint;
import java.util.Optional;

/** Says which release of a framework a model's arithmetic is that of, where releases differ. */
final class FrameworkArithmetic {
  private FrameworkArithmetic() {}

  /** One sentence; empty if all releases that Etch knows compute the same. */
  static Optional<String> of(Graph graph) {
    var producers = graph.producers();
    return graph.nodes().stream()
        .filter(node -> node.op() instanceof Requantize)
        .filter(node -> isDense(producers.get(node.inputs().get(0))))
        .flatMap(node -> kernels((Requantize) node.op()).stream())
        .findFirst()
        .map(
            kernels ->
                "FULLY_CONNECTED as in the reference kernels of %s (--tflite-kernels %s)"
                    .formatted(kernels.releases(), kernels.id()));
  }

  private static boolean isDense(Node producer) {
    return producer != null && producer.op() instanceof IntegerDense;
  }

  private static Optional<TfliteKernels> kernels(Requantize requantize) {
    Requantization first = requantize.channels().get(0);
    if (first instanceof DoubleProduct) {
      return Optional.of(TfliteKernels.CURRENT);
    }
    return first instanceof FixedPoint || first instanceof ShortFixedPoint
        ? Optional.of(TfliteKernels.RELEASE_2_14)
        : Optional.empty();
  }
}
