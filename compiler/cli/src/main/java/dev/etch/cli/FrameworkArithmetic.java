// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.importer.TfliteKernels;
import dev.etch.op.IntegerDense;
import dev.etch.op.Requantize;
import dev.etch.op.requantization.Average;
import dev.etch.op.requantization.DequantizeThenQuantize;
import dev.etch.op.requantization.DoubleProduct;
import dev.etch.op.requantization.ExactAccumulation;
import dev.etch.op.requantization.FixedPoint;
import dev.etch.op.requantization.FloatAccumulation;
import dev.etch.op.requantization.MovedProduct;
import dev.etch.op.requantization.RealSteps;
import dev.etch.op.requantization.Requantization;
import dev.etch.op.requantization.RoundedQuotient;
import dev.etch.op.requantization.ScaleThenRound;
import dev.etch.op.requantization.ScaleThenShift;
import dev.etch.op.requantization.ShortFixedPoint;
import dev.etch.op.requantization.Steps;
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
    return requantize.channels().get(0).accept(new Releases());
  }

  /** The kernels that a form of FULLY_CONNECTED is that of; none for other frameworks' forms. */
  private static final class Releases implements Requantization.Visitor<Optional<TfliteKernels>> {
    @Override
    public Optional<TfliteKernels> scaleThenRound(ScaleThenRound form) {
      return Optional.empty();
    }

    @Override
    public Optional<TfliteKernels> scaleThenShift(ScaleThenShift form) {
      return Optional.empty();
    }

    @Override
    public Optional<TfliteKernels> movedProduct(MovedProduct form) {
      return Optional.empty();
    }

    @Override
    public Optional<TfliteKernels> floatAccumulation(FloatAccumulation form) {
      return Optional.empty();
    }

    @Override
    public Optional<TfliteKernels> exactAccumulation(ExactAccumulation form) {
      return Optional.empty();
    }

    @Override
    public Optional<TfliteKernels> steps(Steps form) {
      return Optional.empty();
    }

    @Override
    public Optional<TfliteKernels> dequantizeThenQuantize(DequantizeThenQuantize form) {
      return Optional.empty();
    }

    @Override
    public Optional<TfliteKernels> average(Average form) {
      return Optional.empty();
    }

    @Override
    public Optional<TfliteKernels> fixedPoint(FixedPoint form) {
      return Optional.of(TfliteKernels.RELEASE_2_14);
    }

    @Override
    public Optional<TfliteKernels> shortFixedPoint(ShortFixedPoint form) {
      return Optional.of(TfliteKernels.RELEASE_2_14);
    }

    @Override
    public Optional<TfliteKernels> doubleProduct(DoubleProduct form) {
      return Optional.of(TfliteKernels.CURRENT);
    }

    @Override
    public Optional<TfliteKernels> roundedQuotient(RoundedQuotient form) {
      return Optional.empty();
    }

    @Override
    public Optional<TfliteKernels> realSteps(RealSteps form) {
      return Optional.empty();
    }
  }
}
