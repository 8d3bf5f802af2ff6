// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.exact.RangeAnalysis;
import dev.etch.exact.Ranges;
import dev.etch.exact.RequantizerFitter;
import dev.etch.exact.SumFitter;
import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.hardware.CentredScale;
import dev.etch.hardware.Requantizer;
import dev.etch.hardware.Sum;
import dev.etch.op.QuantizedAdd;
import dev.etch.tensor.IntegerType;
import java.util.Optional;

/** Range analysis with the actual weights, and proved hardware forms on those ranges. */
public record ExactArithmetic(Ranges ranges) implements Arithmetic {

  /** Analyses a graph. */
  public static Arithmetic analyze(Graph graph, DiagnosticCollector diagnostics) {
    return new ExactArithmetic(RangeAnalysis.analyze(graph, diagnostics));
  }

  @Override
  public IntegerType accumulator(Value raw) {
    return ranges.accumulatorType(raw);
  }

  @Override
  public Requantizer requantizer(Node requantize) {
    return RequantizerFitter.fit(ranges.problems(requantize));
  }

  @Override
  public Optional<CentredScale> multiplierRequantizer(Node requantize) {
    return RequantizerFitter.fitMultiplier(ranges.problems(requantize));
  }

  @Override
  public Requantizer copy(Value raw) {
    return RequantizerFitter.copy(ranges.channels(raw));
  }

  @Override
  public Sum sum(Node add) {
    return SumFitter.fit(
        ((QuantizedAdd) add.op()).sum(),
        ranges.of(add.inputs().get(0)),
        ranges.of(add.inputs().get(1)),
        add.location());
  }
}
