// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import dev.etch.exact.ChannelProblem;
import dev.etch.exact.LoadLimits;
import dev.etch.exact.LoadedScaleFitter;
import dev.etch.exact.RangeAnalysis;
import dev.etch.exact.Ranges;
import dev.etch.exact.RequantizerFitter;
import dev.etch.exact.StagedSum;
import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.hardware.Sum;
import dev.etch.hardware.requantizer.CentredScale;
import dev.etch.hardware.requantizer.Requantizer;
import dev.etch.op.Requantize;
import dev.etch.tensor.IntegerType;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The arithmetic of layers whose weights the host loads: that of all weights within limits. */
public final class LoadedArithmetic implements Arithmetic {
  private final Ranges ranges;
  private final Map<Node, Requantizer> forms = new IdentityHashMap<>();

  private LoadedArithmetic(Ranges ranges) {
    this.ranges = ranges;
  }

  /** The analysis within some limits. */
  public static Analysis within(LoadLimits limits) {
    return new Within(limits);
  }

  private record Within(LoadLimits limits) implements Analysis {
    @Override
    public Arithmetic analyze(Graph graph, DiagnosticCollector diagnostics) {
      return LoadedArithmetic.analyze(graph, limits, diagnostics);
    }

    @Override
    public boolean fitsTheWeights() {
      return false;
    }
  }

  private static Arithmetic analyze(
      Graph graph, LoadLimits limits, DiagnosticCollector diagnostics) {
    LoadedArithmetic arithmetic =
        new LoadedArithmetic(RangeAnalysis.analyze(graph, limits, diagnostics));
    diagnostics.throwIfErrors();
    for (Node node : graph.nodes()) {
      if (node.op() instanceof Requantize) {
        arithmetic.forms.put(node, arithmetic.form(node, graph, limits));
      }
    }
    return arithmetic;
  }

  /** Constants where there is nothing to load: averages, which no scale changes. */
  private Requantizer form(Node node, Graph graph, LoadLimits limits) {
    List<ChannelProblem> problems = ranges.problems(node);
    return LoadedScaleFitter.fit(node, problems, limits)
        .orElseGet(
            () -> {
              if (hasWeights(node.inputs().get(0), graph)) {
                throw refusedScale(node);
              }
              return RequantizerFitter.fit(problems);
            });
  }

  private static boolean hasWeights(Value sum, Graph graph) {
    return graph.producer(sum).filter(layer -> layer.inputs().size() > 1).isPresent();
  }

  private static DiagnosticException refusedScale(Node node) {
    return new DiagnosticException(
        node.location(),
        "its rescaling is neither ONNX Runtime's float32 product of sums of at most 2^24 nor one of"
            + " TFLite's products for 8 bits, and loaded weights need one of them",
        "compile it with --weights constant");
  }

  @Override
  public boolean loadsWeights() {
    return true;
  }

  @Override
  public IntegerType accumulator(Value raw) {
    return ranges.accumulatorType(raw);
  }

  @Override
  public Requantizer requantizer(Node requantize) {
    return forms.get(requantize);
  }

  @Override
  public Optional<CentredScale> multiplierRequantizer(Node requantize) {
    return Optional.empty();
  }

  @Override
  public Requantizer copy(Value raw) {
    throw new DiagnosticException(
        Location.option("--weights"),
        "the network ends in sums of " + raw + ", and the biases of these cannot be loaded yet",
        "quantize the output, or compile it with --weights constant");
  }

  @Override
  public Optional<Sum> sum(Node add) {
    throw refused(add);
  }

  @Override
  public StagedSum stagedSum(Node add) {
    throw refused(add);
  }

  private static DiagnosticException refused(Node add) {
    return new DiagnosticException(
        add.location(),
        "the scales of a sum of two quantized values cannot be loaded yet",
        "compile it with --weights constant");
  }
}
