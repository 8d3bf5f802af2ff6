// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.exact.StagedSum;
import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.hardware.Sum;
import dev.etch.hardware.requantizer.CentredScale;
import dev.etch.hardware.requantizer.Requantizer;
import dev.etch.tensor.IntegerType;
import java.util.Optional;

/** The exact arithmetic that the lowering builds on: widths and hardware forms, proved. */
public interface Arithmetic {
  /** Whether the host loads the weights, so that widths and forms may not depend on them. */
  boolean loadsWeights();

  /** A type that holds every partial raw sum of an accumulating node, in any order. */
  IntegerType accumulator(Value raw);

  /**
   * Hardware form of a Requantize node: on raw sums (stored inputs times weights, without bias) if
   * an accumulating node is in front of it, else on its operand.
   */
  Requantizer requantizer(Node requantize);

  /** The same with a multiplier, on raw sums; empty if there is none that is worth one. */
  Optional<CentredScale> multiplierRequantizer(Node requantize);

  /** Raw sums plus bias and zero-point correction: accumulators that leave as they are. */
  Requantizer copy(Value raw);

  /** Hardware form of a QuantizedAdd node. */
  Optional<Sum> sum(Node add);

  /** Steps of a QuantizedAdd node that has no form in one. */
  StagedSum stagedSum(Node add);

  /** Finds the arithmetic of a graph. */
  interface Analysis {
    /** Reports accumulators that may overflow to {@code diagnostics}. */
    Arithmetic analyze(Graph graph, DiagnosticCollector diagnostics);

    /** Whether a design may leave out what the weights at hand do not need. */
    default boolean fitsTheWeights() {
      return true;
    }
  }
}
