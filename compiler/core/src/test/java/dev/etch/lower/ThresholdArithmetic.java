// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.exact.StagedSum;
import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.hardware.Sum;
import dev.etch.hardware.arithmetic.TieRule;
import dev.etch.hardware.requantizer.CentredScale;
import dev.etch.hardware.requantizer.Offset;
import dev.etch.hardware.requantizer.Requantizer;
import dev.etch.hardware.requantizer.Thresholds;
import dev.etch.op.IntegerConv2d;
import dev.etch.op.IntegerDense;
import dev.etch.op.IntegerSumPool2d;
import dev.etch.op.QuantizedAdd;
import dev.etch.op.Requantize;
import dev.etch.op.requantization.FloatSum;
import dev.etch.op.requantization.Requantization;
import dev.etch.op.requantization.SumRequantization;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Exact without cleverness: thresholds found by bisection, 32 bits for every sum. */
public record ThresholdArithmetic(Graph graph) implements Arithmetic {
  public static Arithmetic analyze(Graph graph, DiagnosticCollector diagnostics) {
    return new ThresholdArithmetic(graph);
  }

  @Override
  public boolean loadsWeights() {
    return false;
  }

  @Override
  public IntegerType accumulator(Value raw) {
    return IntegerType.INT32;
  }

  @Override
  public Optional<CentredScale> multiplierRequantizer(Node requantize) {
    return Optional.empty();
  }

  @Override
  public Requantizer copy(Value raw) {
    return new Offset(constants(raw));
  }

  @Override
  public Requantizer requantizer(Node requantize) {
    Requantize op = (Requantize) requantize.op();
    List<Long> constants = constants(requantize.inputs().get(0));
    int low = op.channels().stream().mapToInt(Requantization::low).min().orElseThrow();
    int high = op.channels().stream().mapToInt(Requantization::high).max().orElseThrow();
    List<List<Long>> thresholds = new ArrayList<>();
    for (int c = 0; c < Math.max(constants.size(), op.channels().size()); c++) {
      Requantization staircase = op.channels().get(op.channels().size() == 1 ? 0 : c);
      long constant = constants.get(constants.size() == 1 ? 0 : c);
      List<Long> ofChannel = new ArrayList<>();
      for (int level = low + 1; level <= high; level++) {
        ofChannel.add(threshold(staircase, level) - constant);
      }
      thresholds.add(ofChannel);
    }
    return new Thresholds(thresholds, low);
  }

  /** The least accumulator whose output is at least {@code level}. */
  private static long threshold(Requantization staircase, int level) {
    long below = -(1L << 40);
    long reached = 1L << 40;
    while (reached - below > 1) {
      long middle = Math.floorDiv(below + reached, 2);
      if (staircase.apply(middle) >= level) {
        reached = middle;
      } else {
        below = middle;
      }
    }
    return reached;
  }

  /** Bias minus the zero point times the sum of the weights, by channel. */
  private List<Long> constants(Value raw) {
    Node node = graph.producer(raw).orElseThrow();
    if (node.op() instanceof IntegerConv2d conv) {
      return constants(node, conv.inputZeroPoint());
    }
    if (node.op() instanceof IntegerDense dense) {
      return constants(node, dense.inputZeroPoint());
    }
    if (node.op() instanceof IntegerSumPool2d pool) {
      int terms = pool.window().kernelHeight() * pool.window().kernelWidth();
      return List.of((long) -terms * pool.inputZeroPoint());
    }
    return List.of(0L);
  }

  private List<Long> constants(Node node, int zeroPoint) {
    int[] weights = data(node, 1);
    int channels = node.inputs().get(1).type().shape().dimension(0);
    int[] biases = node.inputs().size() > 2 ? data(node, 2) : new int[channels];
    List<Long> constants = new ArrayList<>();
    for (int c = 0; c < channels; c++) {
      int terms = weights.length / channels;
      long sum = java.util.Arrays.stream(weights, c * terms, (c + 1) * terms).sum();
      constants.add(biases[c] - zeroPoint * sum);
    }
    return constants;
  }

  private int[] data(Node node, int index) {
    return ((IntegerTensor) graph.constant(node.inputs().get(index)).orElseThrow().decode()).data();
  }

  @Override
  public StagedSum stagedSum(Node add) {
    throw new AssertionError("every sum has a form");
  }

  @Override
  public Optional<Sum> sum(Node add) {
    SumRequantization plain = new FloatSum(1, 0, 1, 0, 1, 0, 0, 255);
    if (!((QuantizedAdd) add.op()).sum().equals(plain)) {
      throw new AssertionError("tests add with scale 1 only");
    }
    return Optional.of(new Sum.Linear(1, 1, 0, 0, TieRule.NONE, 0, 255));
  }
}
