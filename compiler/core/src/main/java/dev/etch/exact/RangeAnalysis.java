// SPDX-License-Identifier: Apache-2.0
package dev.etch.exact;

import dev.etch.diagnostic.CompilerBug;
import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.ArgMax;
import dev.etch.op.BatchToSpace;
import dev.etch.op.BilinearResize2d;
import dev.etch.op.Concat;
import dev.etch.op.Constant;
import dev.etch.op.ConversionOp;
import dev.etch.op.FloatOp;
import dev.etch.op.IntegerConv2d;
import dev.etch.op.IntegerDense;
import dev.etch.op.IntegerLstm;
import dev.etch.op.IntegerMultiply;
import dev.etch.op.IntegerSoftmaxOp;
import dev.etch.op.IntegerSumPool2d;
import dev.etch.op.Lookup;
import dev.etch.op.MaxPool2d;
import dev.etch.op.NearestResize2d;
import dev.etch.op.OperatorTable;
import dev.etch.op.Pad;
import dev.etch.op.QuantizedAdd;
import dev.etch.op.Requantize;
import dev.etch.op.Reshape;
import dev.etch.op.Slice;
import dev.etch.op.SpaceToBatch;
import dev.etch.op.Transpose;
import dev.etch.op.requantization.Requantization;
import dev.etch.op.requantization.SumRequantization;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/**
 * Interval analysis of an integer graph with its actual weights: one interval a value, and for
 * accumulating operators one a channel. Proves that no accumulator leaves int32.
 */
public final class RangeAnalysis {
  private static final Interval INT32 = Interval.of(IntegerType.INT32);

  private static final OperatorTable<BiFunction<RangeAnalysis, Node, Interval>> RULES =
      OperatorTable.<BiFunction<RangeAnalysis, Node, Interval>>of("range analysis")
          .with(RangeAnalysis::argMax, ArgMax.class)
          .with(RangeAnalysis::bilinear, BilinearResize2d.class)
          .with(RangeAnalysis::constant, Constant.class)
          .with(RangeAnalysis::conv, IntegerConv2d.class)
          .with(RangeAnalysis::dense, IntegerDense.class)
          .with(RangeAnalysis::multiply, IntegerMultiply.class)
          .with(RangeAnalysis::sumPool, IntegerSumPool2d.class)
          .with(RangeAnalysis::lookup, Lookup.class)
          .with(RangeAnalysis::pad, Pad.class)
          .with(RangeAnalysis::add, QuantizedAdd.class)
          .with(RangeAnalysis::requantize, Requantize.class)
          .with(RangeAnalysis::spaceToBatch, SpaceToBatch.class)
          .with(RangeAnalysis::wholeType, IntegerLstm.class, IntegerSoftmaxOp.class)
          .with(
              RangeAnalysis::unionOfOperands,
              BatchToSpace.class,
              Concat.class,
              MaxPool2d.class,
              NearestResize2d.class,
              Reshape.class,
              Slice.class,
              Transpose.class)
          .without("no part of an integer graph", ConversionOp.class, FloatOp.class)
          .build();

  private final Map<Value, Interval> values = new HashMap<>();
  private final Map<Value, List<ChannelRange>> accumulators = new HashMap<>();
  private final Map<Value, IntegerTensor> constants = new HashMap<>();
  private final DiagnosticCollector diagnostics;
  private final Optional<LoadLimits> limits;

  private RangeAnalysis(Optional<LoadLimits> limits, DiagnosticCollector diagnostics) {
    this.limits = limits;
    this.diagnostics = diagnostics;
  }

  /**
   * Analyses an integer graph. Inputs may hold any value of their type.
   *
   * @param diagnostics gets an error for each accumulator that may overflow
   */
  public static Ranges analyze(Graph graph, DiagnosticCollector diagnostics) {
    return analyze(graph, Optional.empty(), diagnostics);
  }

  /**
   * The same for weights that the host loads: accumulators reach what {@code limits} say, and
   * requantized values all that their clamps let through.
   *
   * @throws dev.etch.diagnostic.DiagnosticException if weights are not within the limits
   */
  public static Ranges analyze(Graph graph, LoadLimits limits, DiagnosticCollector diagnostics) {
    return analyze(graph, Optional.of(limits), diagnostics);
  }

  private static Ranges analyze(
      Graph graph, Optional<LoadLimits> limits, DiagnosticCollector diagnostics) {
    RangeAnalysis analysis = new RangeAnalysis(limits, diagnostics);
    for (Value input : graph.inputs()) {
      analysis.values.put(input, Interval.of((IntegerType) input.type().element()));
    }
    for (Node node : graph.nodes()) {
      analysis.values.put(node.output(), RULES.get(node.op()).apply(analysis, node));
    }
    return new Ranges(analysis.values, analysis.accumulators);
  }

  private Interval operand(Node node, int index) {
    return values.get(node.inputs().get(index));
  }

  private Interval unionOfOperands(Node node) {
    return node.inputs().stream().map(values::get).reduce(Interval::union).orElseThrow();
  }

  private Interval constant(Node node) {
    IntegerTensor tensor = (IntegerTensor) ((Constant) node.op()).weights().decode();
    constants.put(node.output(), tensor);
    int[] data = tensor.data();
    return data.length == 0
        ? new Interval(0, 0)
        : new Interval(
            Arrays.stream(data).min().orElseThrow(), Arrays.stream(data).max().orElseThrow());
  }

  private Interval wholeType(Node node) {
    return Interval.of((IntegerType) node.output().type().element());
  }

  private Interval argMax(Node node) {
    int axis = ((ArgMax) node.op()).axis();
    return new Interval(0, node.inputs().get(0).type().shape().dimension(axis) - 1L);
  }

  private Interval pad(Node node) {
    return operand(node, 0).including((long) ((Pad) node.op()).value());
  }

  private Interval spaceToBatch(Node node) {
    return operand(node, 0).including((long) ((SpaceToBatch) node.op()).value());
  }

  private Interval add(Node node) {
    SumRequantization sum = ((QuantizedAdd) node.op()).sum();
    Interval left = operand(node, 0);
    Interval right = operand(node, 1);
    boolean falls = sum.rightRatio() < 0;
    return new Interval(
        sum.apply((int) left.low(), (int) (falls ? right.high() : right.low())),
        sum.apply((int) left.high(), (int) (falls ? right.low() : right.high())));
  }

  private Interval multiply(Node node) {
    IntegerMultiply op = (IntegerMultiply) node.op();
    Interval left = operand(node, 0).plus(-op.leftZeroPoint());
    Interval product = left.times(operand(node, 1).plus(-op.rightZeroPoint()));
    if (!INT32.contains(product)) {
      diagnostics.error(
          node.location(),
          "the int32 product may overflow: reachable range " + product,
          "quantize an operand to fewer bits");
    }
    return product;
  }

  private Interval lookup(Node node) {
    IntegerTensor tables = (IntegerTensor) ((Lookup) node.op()).tables();
    int entries = tables.shape().dimension(1);
    Interval reached = operand(node, 0);
    long first = ((IntegerType) node.inputs().get(0).type().element()).minimum();
    IntSummaryStatistics results =
        IntStream.range(0, tables.data().length)
            .filter(i -> reached.contains(first + i % entries))
            .map(i -> tables.data()[i])
            .summaryStatistics();
    return new Interval(results.getMin(), results.getMax());
  }

  private Interval requantize(Node node) {
    List<Requantization> staircases = ((Requantize) node.op()).channels();
    if (limits.isPresent()) {
      return new Interval(
          staircases.stream().mapToInt(Requantization::low).min().orElseThrow(),
          staircases.stream().mapToInt(Requantization::high).max().orElseThrow());
    }
    List<ChannelRange> ranges = accumulators.get(node.inputs().get(0));
    int channels = ranges == null ? staircases.size() : ranges.size();
    Interval result = null;
    for (int c = 0; c < channels; c++) {
      Requantization staircase = staircases.get(staircases.size() == 1 ? 0 : c);
      Interval total = ranges == null ? operand(node, 0) : ranges.get(c).total();
      Interval output = new Interval(staircase.apply(total.low()), staircase.apply(total.high()));
      result = result == null ? output : result.union(output);
    }
    return result;
  }

  private Interval conv(Node node) {
    IntegerConv2d op = (IntegerConv2d) node.op();
    Interval input = operand(node, 0);
    // padding is stored as the zero point, which need not occur otherwise
    Interval stored = op.window().isPadded() ? input.including(op.inputZeroPoint()) : input;
    return accumulate(node, stored, op.inputZeroPoint());
  }

  private Interval dense(Node node) {
    return accumulate(node, operand(node, 0), ((IntegerDense) node.op()).inputZeroPoint());
  }

  /** Weights are not negative and add up to the product of the units. */
  private Interval bilinear(Node node) {
    BilinearResize2d op = (BilinearResize2d) node.op();
    int[] weights = {op.rowUnit() * op.columnUnit()};
    ChannelRange range = channel(weights, 0, 1, operand(node, 0), op.inputZeroPoint(), 0);
    int channels = node.output().type().shape().dimension(op.layout().channelAxis());
    return finish(node, Collections.nCopies(channels, range));
  }

  private Interval sumPool(Node node) {
    IntegerSumPool2d op = (IntegerSumPool2d) node.op();
    Interval input = operand(node, 0);
    Interval stored = op.window().isPadded() ? input.including(op.inputZeroPoint()) : input;
    int[] ones = new int[op.window().kernelHeight() * op.window().kernelWidth()];
    Arrays.fill(ones, 1);
    ChannelRange range = channel(ones, 0, ones.length, stored, op.inputZeroPoint(), 0);
    int channels = node.output().type().shape().dimension(op.layout().channelAxis());
    return finish(node, Collections.nCopies(channels, range));
  }

  private Interval accumulate(Node node, Interval stored, int zeroPoint) {
    int[] weights = constantOperand(node, 1).data();
    int channels = node.inputs().get(1).type().shape().dimension(0);
    int terms = channels == 0 ? 0 : weights.length / channels;
    boolean hasBias = node.inputs().size() > 2;
    List<ChannelRange> ranges = new ArrayList<>();
    for (int c = 0; c < channels; c++) {
      long bias = hasBias ? constantOperand(node, 2).data()[c] : 0;
      ranges.add(channel(weights, c * terms, terms, stored, zeroPoint, bias));
    }
    return finish(node, limits.map(all -> widened(node, ranges, all)).orElse(ranges));
  }

  /** Every channel reaches as far as the limits say. */
  private static List<ChannelRange> widened(
      Node node, List<ChannelRange> ranges, LoadLimits limits) {
    Interval own = ranges.stream().map(ChannelRange::partial).reduce(Interval::union).orElseThrow();
    Interval reached = limits.accumulators(node, own);
    return ranges.stream()
        .map(range -> new ChannelRange(reached, reached, range.constant()))
        .toList();
  }

  private IntegerTensor constantOperand(Node node, int index) {
    IntegerTensor tensor = constants.get(node.inputs().get(index));
    if (tensor == null) {
      throw new CompilerBug("operand " + index + " of node " + node.name() + " is not constant");
    }
    return tensor;
  }

  private static ChannelRange channel(
      int[] weights, int from, int terms, Interval stored, int zeroPoint, long bias) {
    long low = 0;
    long high = 0;
    long partialLow = 0;
    long partialHigh = 0;
    long sumOfWeights = 0;
    for (int i = from; i < from + terms; i++) {
      long atLow = weights[i] * stored.low();
      long atHigh = weights[i] * stored.high();
      low += Math.min(atLow, atHigh);
      high += Math.max(atLow, atHigh);
      partialLow += Math.min(0, Math.min(atLow, atHigh));
      partialHigh += Math.max(0, Math.max(atLow, atHigh));
      sumOfWeights += weights[i];
    }
    return new ChannelRange(
        new Interval(partialLow, partialHigh),
        new Interval(low, high),
        bias - zeroPoint * sumOfWeights);
  }

  private Interval finish(Node node, List<ChannelRange> ranges) {
    accumulators.put(node.output(), ranges);
    Interval total = ranges.stream().map(ChannelRange::total).reduce(Interval::union).orElseThrow();
    if (!INT32.contains(total)) {
      diagnostics.error(
          node.location(),
          "the int32 accumulator may overflow: reachable range " + total,
          "quantize the weights to fewer bits, or split the layer's inputs into several layers");
    }
    return total;
  }
}
