// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize;

import dev.etch.diagnostic.Diagnostic;
import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.Location;
import dev.etch.graph.PartitionedModel;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * A place where the framework computes a sum of floats in an order of its own, so that Etch's exact
 * result can differ from it. Such models are taken with a warning that bounds the difference, or
 * refused if the user wants every bit to be the framework's.
 *
 * @param location of the node
 * @param message what differs, and by how much at most
 * @param remedy how the model can be changed so that nothing differs
 */
public record Deviation(Location location, String message, String remedy) {
  public Deviation {
    Objects.requireNonNull(location);
    Objects.requireNonNull(message);
    Objects.requireNonNull(remedy);
  }

  /** All of a model, in the order of its nodes. */
  public static List<Deviation> of(PartitionedModel model) {
    return Stream.of(
            AverageTies.in(model.accelerator()),
            UnequalSums.in(model.accelerator()),
            FloatResults.in(model))
        .flatMap(List::stream)
        .toList();
  }

  /**
   * Reports all of a model.
   *
   * @param strict whether they are errors
   */
  public static void report(
      PartitionedModel model, boolean strict, DiagnosticCollector diagnostics) {
    of(model).forEach(deviation -> diagnostics.report(deviation.diagnostic(strict)));
  }

  private Diagnostic diagnostic(boolean strict) {
    return strict
        ? Diagnostic.error(location, message, remedy + "; or accept it: leave out --strict")
        : Diagnostic.warning(location, message, remedy);
  }
}
