// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize.integer;

import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.Lookup;
import dev.etch.op.requantization.FloatFunction;
import dev.etch.op.requantization.RealStep;
import dev.etch.tensor.IntegerType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/**
 * Any float function of one narrow integer, so that quantizing it is a table.
 *
 * @param integers of the new graph
 * @param channels one function for the tensor or one a channel
 * @param channelAxis meaningless with one function
 */
record Tabulated(Value integers, List<IntegerFunction> channels, int channelAxis)
    implements FloatForm {
  /** What is tabulated at most with a table a channel: 256 entries. */
  static final int MOST_BITS = 8;

  /** What is tabulated at most with one table for the tensor: 65,536 entries. */
  private static final int MOST_SHARED_BITS = 16;

  /** The number that a stored integer becomes. */
  @FunctionalInterface
  interface IntegerFunction {
    float apply(int stored);

    default IntegerFunction then(FloatFunction next) {
      return stored -> next.apply(apply(stored));
    }
  }

  Tabulated {
    channels = List.copyOf(channels);
  }

  /** Whether that many tables of integers of these bits are not too large. */
  static boolean isSmall(int bits, int channels) {
    return bits <= (channels == 1 ? MOST_SHARED_BITS : MOST_BITS);
  }

  /** This form after another function of each element. */
  Tabulated then(FloatFunction next) {
    return new Tabulated(integers, channels.stream().map(f -> f.then(next)).toList(), channelAxis);
  }

  /**
   * This form after another function of each channel.
   *
   * @return empty if the channels lie along two axes
   */
  Optional<Tabulated> then(List<? extends FloatFunction> next, int axis) {
    if (next.size() == 1) {
      return Optional.of(then(next.get(0)));
    }
    if (channels.size() > 1 && axis != channelAxis) {
      return Optional.empty();
    }
    List<IntegerFunction> functions = new ArrayList<>();
    for (int c = 0; c < next.size(); c++) {
      functions.add(function(c).then(next.get(c)));
    }
    return Optional.of(new Tabulated(integers, functions, axis));
  }

  /**
   * The product with another function of the same integers.
   *
   * @return empty if it is of others, or the channels lie along two axes
   */
  Optional<Tabulated> times(Tabulated other) {
    boolean alongTwoAxes =
        channels.size() > 1 && other.channels.size() > 1 && channelAxis != other.channelAxis;
    if (!integers.equals(other.integers) || alongTwoAxes) {
      return Optional.empty();
    }
    List<IntegerFunction> products = new ArrayList<>();
    for (int c = 0; c < Math.max(channels.size(), other.channels.size()); c++) {
      IntegerFunction left = function(c);
      IntegerFunction right = other.function(c);
      products.add(stored -> left.apply(stored) * right.apply(stored));
    }
    return Optional.of(
        new Tabulated(integers, products, channels.size() > 1 ? channelAxis : other.channelAxis));
  }

  @Override
  public Optional<Value> quantize(Rewrite rewrite, Target target) {
    List<IntUnaryOperator> tables = new ArrayList<>();
    for (IntegerFunction channel : channels) {
      tables.add(stored -> target.quantize(channel.apply(stored)));
    }
    return emit(rewrite, target.node(), tables, target.quantization().type());
  }

  @Override
  public Optional<Value> quantize(Rewrite rewrite, RealTarget target) {
    Optional<Integer> axis = channels.size() > 1 ? Optional.of(channelAxis) : target.axis();
    if (!target.runsAlong(axis.orElse(0))) {
      return Optional.empty();
    }
    List<IntUnaryOperator> tables = new ArrayList<>();
    for (int c = 0; c < Math.max(channels.size(), target.channels()); c++) {
      int channel = c;
      tables.add(stored -> quantize(target, channel, stored));
    }
    Tabulated along = new Tabulated(integers, channels, axis.orElse(0));
    return along.emit(rewrite, target.node(), tables, target.output());
  }

  private int quantize(RealTarget target, int channel, int stored) {
    float x = function(channel).apply(stored);
    for (RealStep step : target.stepsOf(channel)) {
      x = step.apply(x);
    }
    return target.quantizer(channel).apply(x);
  }

  private Optional<Value> emit(
      Rewrite rewrite, Node node, List<IntUnaryOperator> tables, IntegerType output) {
    IntegerType operand = (IntegerType) integers.type().element();
    if (!isSmall(operand.bits(), tables.size())) {
      return Optional.empty();
    }
    Lookup lookup =
        Lookup.perChannel(operand, output, tables, tables.size() == 1 ? 0 : channelAxis);
    return Optional.of(rewrite.emit(node, lookup, integers));
  }

  @Override
  public Value materialize(Rewrite rewrite, Node node) {
    return rewrite.emitFloat(node);
  }

  @Override
  public Optional<Tabulated> tabulated() {
    return Optional.of(this);
  }

  private IntegerFunction function(int channel) {
    return channels.get(channels.size() == 1 ? 0 : channel);
  }
}
