// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize;

import dev.etch.diagnostic.CompilerBug;
import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.exact.ChannelProblem;
import dev.etch.exact.ChannelRange;
import dev.etch.exact.Interval;
import dev.etch.exact.RangeAnalysis;
import dev.etch.exact.Ranges;
import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.AccumulatingOp;
import dev.etch.op.Constant;
import dev.etch.op.IntegerConv2d;
import dev.etch.op.IntegerDense;
import dev.etch.op.Lookup;
import dev.etch.op.QuantizedAdd;
import dev.etch.op.Requantize;
import dev.etch.op.requantization.SumRequantization;
import dev.etch.pass.GraphRewriter;
import dev.etch.pass.Pass;
import dev.etch.tensor.DenseWeights;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * What the range analysis proves to be the same for every input becomes a constant: the results of
 * layers whose weights are zeros, or whose outputs saturate. If only some channels of a layer are
 * settled, their weights become zeros. An operand that a sum's result does not depend on becomes a
 * constant, too, so that nobody need compute it. For integer graphs.
 */
public final class SettleValues implements Pass {
  /** Values of an operand that are tried at most. */
  private static final long MOST_VALUES = 1 << 16;

  @Override
  public String name() {
    return "settle-values";
  }

  @Override
  public Graph run(Graph graph, DiagnosticCollector diagnostics) {
    Ranges ranges = RangeAnalysis.analyze(graph, diagnostics);
    diagnostics.throwIfErrors();
    Map<Value, List<Node>> readers = graph.consumers();
    return GraphRewriter.rewrite(
        graph, (node, rewriter) -> replace(node, graph, ranges, readers, rewriter));
  }

  private static Optional<Value> replace(
      Node node,
      Graph graph,
      Ranges ranges,
      Map<Value, List<Node>> readers,
      GraphRewriter rewriter) {
    if (node.op() instanceof Constant) {
      return Optional.empty();
    }
    Optional<IntegerTensor> settled = settled(node, graph, ranges);
    if (settled.isEmpty()
        && hasWeights(node)
        && rewriter.constant(rewriter.mapped(node.inputs().get(0))).isEmpty()
        && !graph.outputs().contains(node.output())) {
      return withoutSettledChannels(
          node, graph, ranges, readers.getOrDefault(node.output(), List.of()), rewriter);
    }
    if (settled.isPresent()) {
      return Optional.of(
          rewriter.addLike(node, new Constant(new DenseWeights(settled.get())), List.of()));
    }
    List<Value> operands = new ArrayList<>(node.inputs().stream().map(rewriter::mapped).toList());
    if (node.op() instanceof QuantizedAdd add) {
      IntStream.range(0, 2)
          .filter(index -> rewriter.constant(operands.get(index)).isEmpty())
          .filter(index -> !matters(add.sum(), index, node, ranges))
          .forEach(index -> operands.set(index, lowest(node, index, ranges, rewriter)));
    }
    return Optional.of(rewriter.addFolded(node, node.op(), operands));
  }

  private static Optional<IntegerTensor> settled(Node node, Graph graph, Ranges ranges) {
    Interval range = ranges.of(node.output());
    if (range.low() == range.high()) {
      return Optional.of(filled(node.output().type(), 0, new int[] {(int) range.low()}));
    }
    if (node.op() instanceof AccumulatingOp) {
      return filled(
          node,
          channelAxis(node),
          ranges.channels(node.output()).stream().map(ChannelRange::total).toList());
    }
    if (node.op() instanceof Requantize requantize) {
      return filled(
          node,
          axis(node, requantize, graph),
          ranges.problems(node).stream().map(SettleValues::results).toList());
    }
    if (node.op() instanceof Lookup lookup) {
      return filled(node, lookup.channelAxis(), results(node, lookup, ranges));
    }
    return Optional.empty();
  }

  private static boolean hasWeights(Node node) {
    return node.op() instanceof IntegerConv2d || node.op() instanceof IntegerDense;
  }

  /** If a Requantize is the only reader: biases alone give what it makes the same of anyway. */
  private static Optional<Value> withoutSettledChannels(
      Node node, Graph graph, Ranges ranges, List<Node> readers, GraphRewriter rewriter) {
    if (readers.size() != 1 || !(readers.get(0).op() instanceof Requantize)) {
      return Optional.empty();
    }
    List<ChannelProblem> problems = ranges.problems(readers.get(0));
    IntegerTensor weights = integers(node, 1, graph);
    int[] data = weights.data().clone();
    int[] biases =
        node.inputs().size() > 2
            ? integers(node, 2, graph).data().clone()
            : new int[problems.size()];
    int terms = data.length / problems.size();
    for (int c = 0; c < problems.size(); c++) {
      Interval results = results(problems.get(c));
      if (results.low() == results.high()) {
        Arrays.fill(data, c * terms, (c + 1) * terms, 0);
        biases[c] = (int) ranges.channels(node.output()).get(c).total().low();
      }
    }
    if (Arrays.equals(data, weights.data())) {
      return Optional.empty();
    }
    return Optional.of(
        rewriter.addLike(
            node,
            node.op(),
            List.of(
                rewriter.mapped(node.inputs().get(0)),
                constant(node, "weights", new IntegerTensor(weights.type(), data), rewriter),
                constant(
                    node,
                    "biases",
                    IntegerTensor.of(IntegerType.INT32, Shape.of(biases.length), biases),
                    rewriter))));
  }

  private static IntegerTensor integers(Node node, int operand, Graph graph) {
    return (IntegerTensor)
        graph
            .constant(node.inputs().get(operand))
            .orElseThrow(() -> new CompilerBug("parameters of " + node.name() + " vary"))
            .decode();
  }

  private static Value constant(
      Node node, String what, IntegerTensor tensor, GraphRewriter rewriter) {
    String name = node.name() + "/" + what;
    return rewriter.add(
        name, name, new Constant(new DenseWeights(tensor)), node.location(), List.of());
  }

  /** Of the accumulating operator in front, if there is one: it has a range for each channel. */
  private static int axis(Node node, Requantize requantize, Graph graph) {
    return graph
        .producer(node.inputs().get(0))
        .filter(producer -> producer.op() instanceof AccumulatingOp)
        .map(SettleValues::channelAxis)
        .orElse(requantize.channelAxis());
  }

  private static int channelAxis(Node accumulating) {
    int rank = accumulating.output().type().shape().rank();
    return ((AccumulatingOp) accumulating.op()).channelAxis(rank);
  }

  /** Staircases are monotone. */
  private static Interval results(ChannelProblem problem) {
    int first = problem.staircase().apply(problem.raw().low() + problem.constant());
    int last = problem.staircase().apply(problem.raw().high() + problem.constant());
    return new Interval(Math.min(first, last), Math.max(first, last));
  }

  private static List<Interval> results(Node node, Lookup lookup, Ranges ranges) {
    Value operand = node.inputs().get(0);
    Interval reached = ranges.of(operand);
    IntegerTensor tables = (IntegerTensor) lookup.tables();
    int entries = tables.shape().dimension(1);
    int first = (int) (reached.low() - ((IntegerType) operand.type().element()).minimum());
    int count = (int) (reached.high() - reached.low()) + 1;
    List<Interval> results = new ArrayList<>();
    for (int table = 0; table < tables.shape().dimension(0); table++) {
      int from = table * entries + first;
      int[] values = Arrays.copyOfRange(tables.data(), from, from + count);
      results.add(
          new Interval(
              Arrays.stream(values).min().orElseThrow(),
              Arrays.stream(values).max().orElseThrow()));
    }
    return results;
  }

  private static Optional<IntegerTensor> filled(Node node, int axis, List<Interval> channels) {
    return channels.stream().allMatch(channel -> channel.low() == channel.high())
        ? Optional.of(
            filled(
                node.output().type(),
                axis,
                channels.stream().mapToInt(channel -> Math.toIntExact(channel.low())).toArray()))
        : Optional.empty();
  }

  /** One value for all places, or one for each place along an axis. */
  private static IntegerTensor filled(TensorType type, int axis, int[] channels) {
    Shape shape = type.shape();
    int at = axis < 0 ? axis + shape.rank() : axis;
    int stride = channels.length == 1 ? 1 : shape.strides()[at];
    if (channels.length > 1 && channels.length != shape.dimension(at)) {
      throw new CompilerBug("channels on another axis than " + axis + " of " + type);
    }
    int[] data = new int[shape.elements()];
    for (int i = 0; i < data.length; i++) {
      data[i] = channels[i / stride % channels.length];
    }
    return new IntegerTensor(type, data);
  }

  /** A sum is monotone in either operand, so that the ends of this one's range tell. */
  private static boolean matters(SumRequantization sum, int index, Node node, Ranges ranges) {
    Interval own = ranges.of(node.inputs().get(index));
    Interval other = ranges.of(node.inputs().get(1 - index));
    if (other.high() - other.low() >= MOST_VALUES) {
      return true;
    }
    return LongStream.rangeClosed(other.low(), other.high())
        .anyMatch(
            value -> apply(sum, index, own.low(), value) != apply(sum, index, own.high(), value));
  }

  private static int apply(SumRequantization sum, int index, long own, long other) {
    return index == 0 ? sum.apply((int) own, (int) other) : sum.apply((int) other, (int) own);
  }

  private static Value lowest(Node node, int index, Ranges ranges, GraphRewriter rewriter) {
    Value operand = node.inputs().get(index);
    int low = (int) ranges.of(operand).low();
    IntegerTensor any =
        filled(
            new TensorType((IntegerType) operand.type().element(), operand.type().shape()),
            0,
            new int[] {low});
    return constant(node, "any" + index, any, rewriter);
  }
}
