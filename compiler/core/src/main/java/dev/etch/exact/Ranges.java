// SPDX-License-Identifier: Apache-2.0
package dev.etch.exact;

import dev.etch.diagnostic.CompilerBug;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.Requantize;
import dev.etch.op.requantization.Requantization;
import dev.etch.tensor.IntegerType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Result of {@link RangeAnalysis}.
 *
 * @param values for every value of the graph what its elements can be
 * @param accumulators for every result of an accumulating node one entry an output channel
 */
public record Ranges(Map<Value, Interval> values, Map<Value, List<ChannelRange>> accumulators) {
  public Ranges {
    values = Map.copyOf(values);
    accumulators = Map.copyOf(accumulators);
  }

  /** What the elements of {@code value} can be. */
  public Interval of(Value value) {
    Interval interval = values.get(value);
    if (interval == null) {
      throw new CompilerBug("no range of " + value);
    }
    return interval;
  }

  /** The type that holds every partial raw sum behind {@code accumulator}, over all channels. */
  public IntegerType accumulatorType(Value accumulator) {
    return channels(accumulator).stream()
        .map(ChannelRange::partial)
        .reduce(Interval::union)
        .orElseThrow()
        .type();
  }

  /** One entry an output channel of the accumulating node that makes {@code accumulator}. */
  public List<ChannelRange> channels(Value accumulator) {
    List<ChannelRange> channels = accumulators.get(accumulator);
    if (channels == null) {
      throw new CompilerBug(accumulator + " is not made by an accumulating node");
    }
    return channels;
  }

  /**
   * What {@link RequantizerFitter#fit} must solve for a {@link Requantize} node: on the raw sums if
   * an accumulating node is in front of it, else on its operand as it is. One entry a channel, or
   * one for all channels.
   */
  public List<ChannelProblem> problems(Node requantize) {
    Requantize op = (Requantize) requantize.op();
    Value operand = requantize.inputs().get(0);
    List<ChannelRange> ranges = accumulators.get(operand);
    List<ChannelProblem> problems = new ArrayList<>();
    if (ranges == null) {
      for (Requantization staircase : op.channels()) {
        problems.add(new ChannelProblem(staircase, 0, of(operand)));
      }
      return problems;
    }
    for (int c = 0; c < ranges.size(); c++) {
      Requantization staircase = op.channels().get(op.channels().size() == 1 ? 0 : c);
      problems.add(new ChannelProblem(staircase, ranges.get(c).constant(), ranges.get(c).raw()));
    }
    return problems;
  }
}
