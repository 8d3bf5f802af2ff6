// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.exact.ChannelProblem;
import dev.etch.exact.Interval;
import dev.etch.exact.RangeAnalysis;
import dev.etch.exact.Ranges;
import dev.etch.exact.RequantizerFitter;
import dev.etch.exact.StagedSum;
import dev.etch.exact.SumFitter;
import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.hardware.Sum;
import dev.etch.hardware.requantizer.CentredScale;
import dev.etch.hardware.requantizer.Requantizer;
import dev.etch.hardware.requantizer.Thresholds;
import dev.etch.op.Op;
import dev.etch.op.QuantizedAdd;
import dev.etch.op.Requantize;
import dev.etch.op.requantization.SumRequantization;
import dev.etch.tensor.IntegerType;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Range analysis with the actual weights, and proved hardware forms on those ranges. */
public final class ExactArithmetic implements Arithmetic {
  /** More than these, side by side for each element of a beat, fill a device on their own. */
  private static final int MOST_COMPARATORS = 1 << 12;

  private final Ranges ranges;
  private final List<Node> requantizes;
  private final List<Node> adds;
  private final Map<Node, Forms> forms = new IdentityHashMap<>();
  private final Map<Node, Optional<Sum>> sums = new IdentityHashMap<>();

  /**
   * Layers that rescale alike, on equal ranges, have equal forms: in deep networks there are many.
   */
  private final Map<List<ChannelProblem>, Forms> knownForms = new ConcurrentHashMap<>();

  private final Map<Addition, Optional<Sum>> knownSums = new ConcurrentHashMap<>();

  private record Forms(Requantizer adders, Optional<CentredScale> multiplier) {}

  private record Addition(SumRequantization sum, Interval left, Interval right) {}

  private ExactArithmetic(Ranges ranges, Graph graph) {
    this.ranges = ranges;
    this.requantizes = nodes(graph, Requantize.class);
    this.adds = nodes(graph, QuantizedAdd.class);
  }

  private static List<Node> nodes(Graph graph, Class<? extends Op> operator) {
    return graph.nodes().stream().filter(node -> operator.isInstance(node.op())).toList();
  }

  /** Analyses a graph. */
  public static Arithmetic analyze(Graph graph, DiagnosticCollector diagnostics) {
    return new ExactArithmetic(RangeAnalysis.analyze(graph, diagnostics), graph);
  }

  @Override
  public boolean loadsWeights() {
    return false;
  }

  @Override
  public IntegerType accumulator(Value raw) {
    return ranges.accumulatorType(raw);
  }

  @Override
  public Requantizer requantizer(Node requantize) {
    Requantizer form = forms(requantize).adders();
    if (form instanceof Thresholds steps && most(steps) > MOST_COMPARATORS) {
      throw new DiagnosticException(
          requantize.location(),
          "no multiplication gives this rescaling exactly, and it would take %,d comparators"
              .formatted(most(steps)),
          "quantize the result to at most 12 bits, or change its scale slightly");
    }
    return form;
  }

  private static int most(Thresholds steps) {
    return steps.thresholds().stream().mapToInt(List::size).max().orElse(0);
  }

  @Override
  public Optional<CentredScale> multiplierRequantizer(Node requantize) {
    return forms(requantize).multiplier();
  }

  /** Of all nodes at the first call, several at a time: each takes some tenths of a second. */
  private Forms forms(Node requantize) {
    if (forms.isEmpty()) {
      List<Forms> found = requantizes.parallelStream().map(this::fit).toList();
      for (int i = 0; i < found.size(); i++) {
        forms.put(requantizes.get(i), found.get(i));
      }
    }
    return forms.get(requantize);
  }

  private Forms fit(Node requantize) {
    List<ChannelProblem> problems = ranges.problems(requantize);
    Forms known = knownForms.get(problems);
    if (known == null) {
      known = new Forms(RequantizerFitter.fit(problems), RequantizerFitter.fitMultiplier(problems));
      knownForms.put(problems, known);
    }
    return known;
  }

  @Override
  public Requantizer copy(Value raw) {
    return RequantizerFitter.copy(ranges.channels(raw));
  }

  @Override
  public StagedSum stagedSum(Node add) {
    return SumFitter.fitStages(
        ((QuantizedAdd) add.op()).sum(),
        ranges.of(add.inputs().get(0)),
        ranges.of(add.inputs().get(1)),
        add.location());
  }

  /** Of all nodes at the first call, several at a time, like {@link #forms}. */
  @Override
  public Optional<Sum> sum(Node add) {
    if (sums.isEmpty()) {
      List<Optional<Sum>> found = adds.parallelStream().map(this::fitSum).toList();
      for (int i = 0; i < found.size(); i++) {
        sums.put(adds.get(i), found.get(i));
      }
    }
    return sums.get(add);
  }

  private Optional<Sum> fitSum(Node add) {
    Addition addition =
        new Addition(
            ((QuantizedAdd) add.op()).sum(),
            ranges.of(add.inputs().get(0)),
            ranges.of(add.inputs().get(1)));
    Optional<Sum> known = knownSums.get(addition);
    if (known == null) {
      known = SumFitter.fit(addition.sum(), addition.left(), addition.right());
      knownSums.put(addition, known);
    }
    return known;
  }
}
