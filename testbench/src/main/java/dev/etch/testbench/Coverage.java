// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.Constant;
import dev.etch.op.IntegerConv2d;
import dev.etch.op.Layout;
import dev.etch.op.Requantize;
import dev.etch.op.requantization.Requantization;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;

/**
 * What frames have reached in a graph so far, channel by channel: every value of a narrow
 * activation, the extremes of a wide one, and the sums on both sides of every step of a
 * requantizer, where ties are.
 */
final class Coverage {
  /** Wider activations count by their extremes. */
  private static final int NARROW = 8;

  /** A large map of sums is looked at in so many places. */
  private static final int MOST_DEPTH = 1 << 14;

  private final List<Reached> nodes = new ArrayList<>();

  /** Of one node's result. */
  private interface Reached {
    /**
     * Adds a frame's values.
     *
     * @return how many goals are new
     */
    int add(Map<Value, Tensor> values);
  }

  Coverage(Graph graph) {
    for (Node node : graph.nodes()) {
      if (!(node.op() instanceof Constant)
          && node.output().type().element() instanceof IntegerType type) {
        nodes.add(type.bits() <= NARROW ? new Levels(node, type) : new Extremes(node));
        if (node.op() instanceof Requantize requantize
            && node.inputs().get(0).type().element() instanceof IntegerType) {
          nodes.add(new Steps(node, requantize, type));
        }
      }
    }
  }

  /**
   * Adds what a frame reaches.
   *
   * @param values of all nodes for this frame
   * @return how much of it no frame before had reached
   */
  int add(Map<Value, Tensor> values) {
    return nodes.stream().mapToInt(node -> node.add(values)).sum();
  }

  /** The channel of an element. */
  private record Channels(int stride, int count) {
    static Channels of(Node node) {
      Shape shape = node.output().type().shape();
      int rank = shape.rank();
      if (rank == 0) {
        return new Channels(1, 1);
      }
      boolean first =
          node.op() instanceof IntegerConv2d convolution && convolution.layout() == Layout.NCHW;
      int axis = first || rank == 2 ? 1 : rank - 1;
      return new Channels(shape.strides()[axis], shape.dimension(axis));
    }

    int of(int index) {
      return index / stride % count;
    }
  }

  private static int[] data(Value value, Map<Value, Tensor> values) {
    return ((IntegerTensor) values.get(value)).data();
  }

  private static final class Levels implements Reached {
    private final Value value;
    private final Channels channels;
    private final int lowest;
    private final int count;
    private final boolean[] seen;

    Levels(Node node, IntegerType type) {
      value = node.output();
      channels = Channels.of(node);
      lowest = (int) type.minimum();
      count = 1 << type.bits();
      seen = new boolean[channels.count() * count];
    }

    @Override
    public int add(Map<Value, Tensor> values) {
      int[] data = data(value, values);
      int fresh = 0;
      for (int i = 0; i < data.length; i++) {
        int goal = channels.of(i) * count + data[i] - lowest;
        if (!seen[goal]) {
          seen[goal] = true;
          fresh++;
        }
      }
      return fresh;
    }
  }

  private static final class Extremes implements Reached {
    private final Value value;
    private final Channels channels;
    private final int[] lowest;
    private final int[] highest;

    Extremes(Node node) {
      value = node.output();
      channels = Channels.of(node);
      lowest = new int[channels.count()];
      highest = new int[channels.count()];
      Arrays.fill(lowest, Integer.MAX_VALUE);
      Arrays.fill(highest, Integer.MIN_VALUE);
    }

    @Override
    public int add(Map<Value, Tensor> values) {
      int[] data = data(value, values);
      int fresh = 0;
      for (int i = 0; i < data.length; i++) {
        int channel = channels.of(i);
        if (data[i] < lowest[channel]) {
          lowest[channel] = data[i];
          fresh++;
        }
        if (data[i] > highest[channel]) {
          highest[channel] = data[i];
          fresh++;
        }
      }
      return fresh;
    }
  }

  private static final class Steps implements Reached {
    private final Value sums;
    private final List<Requantization> staircases;
    private final Channels channels;
    private final int lowest;
    private final List<BitSet> below = new ArrayList<>();
    private final List<BitSet> above = new ArrayList<>();

    Steps(Node node, Requantize op, IntegerType type) {
      sums = node.inputs().get(0);
      staircases = op.channels();
      int count = staircases.size();
      Shape shape = sums.type().shape();
      channels = new Channels(count == 1 ? 1 : shape.strides()[op.channelAxis()], count);
      lowest = (int) type.minimum();
      for (int channel = 0; channel < count; channel++) {
        below.add(new BitSet());
        above.add(new BitSet());
      }
    }

    @Override
    public int add(Map<Value, Tensor> values) {
      int[] data = data(sums, values);
      int fresh = 0;
      int apart = Math.max(1, data.length / MOST_DEPTH);
      for (int i = 0; i < data.length; i += apart) {
        int channel = channels.of(i);
        fresh += add(staircases.get(channel), channel, data[i]);
      }
      return fresh;
    }

    private int add(Requantization staircase, int channel, int sum) {
      int level = staircase.apply(sum);
      boolean last = sum < Integer.MAX_VALUE && staircase.apply(sum + 1) != level;
      boolean first = sum > Integer.MIN_VALUE && staircase.apply(sum - 1) != level;
      return (last ? set(below.get(channel), level) : 0)
          + (first ? set(above.get(channel), level) : 0);
    }

    private int set(BitSet goals, int level) {
      int goal = level - lowest;
      if (goals.get(goal)) {
        return 0;
      }
      goals.set(goal);
      return 1;
    }
  }
}
