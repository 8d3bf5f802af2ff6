// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.PartitionedModel;
import dev.etch.graph.Value;
import dev.etch.op.AccumulatingOp;
import dev.etch.op.Constant;
import dev.etch.op.Requantize;
import dev.etch.op.requantization.Requantization;
import dev.etch.op.requantization.ScaleThenRound;
import dev.etch.pass.GraphRewriter;
import dev.etch.tensor.DenseWeights;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.Weights;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A network with the same numbers in other places, so that its accumulators are within the same
 * limits: the outputs of each layer in another order, with their biases and scales, and the weights
 * of each output among themselves. Scales are a little smaller, and zero points one off.
 */
public final class ShuffledWeights {
  private final Graph graph;
  private final Map<Value, List<Node>> readers;

  /** Of scales: less than the headroom that they have anyway. */
  private static final float SMALLER = 0.85f;

  private final Random random;
  private final Moving moving;

  /** What stands at each place of a constant, or of the channels of a requantization. */
  private final Map<Value, int[]> orders = new HashMap<>();

  /** Which weights come to other places. */
  private enum Moving {
    ALL,
    NONZERO,
    NONE
  }

  private ShuffledWeights(Graph graph, long seed, Moving moving) {
    this.graph = graph;
    this.readers = graph.consumers();
    this.random = new Random(seed);
    this.moving = moving;
    for (Node node : graph.nodes()) {
      if (node.op() instanceof AccumulatingOp && moving != Moving.NONE) {
        order(node);
      }
    }
  }

  /** The network; the same for the same seed. */
  public static PartitionedModel of(PartitionedModel model, long seed) {
    return of(model, new ShuffledWeights(model.accelerator(), seed, Moving.ALL));
  }

  /** The same, but zeros stay where they are, and outputs: so no schedule takes more steps. */
  public static PartitionedModel aroundZeros(PartitionedModel model, long seed) {
    return of(model, new ShuffledWeights(model.accelerator(), seed, Moving.NONZERO));
  }

  /** The same weights with other scales and zero points: so no code takes more symbols. */
  public static PartitionedModel underOtherScales(PartitionedModel model, long seed) {
    return of(model, new ShuffledWeights(model.accelerator(), seed, Moving.NONE));
  }

  private static PartitionedModel of(PartitionedModel model, ShuffledWeights shuffled) {
    Graph accelerator = GraphRewriter.rewrite(model.accelerator(), shuffled::replace);
    return new PartitionedModel(model.whole(), model.before(), accelerator, model.after());
  }

  private void order(Node layer) {
    List<Value> constants = layer.inputs().subList(1, layer.inputs().size());
    // Another reader has its own order.
    boolean own = constants.stream().allMatch(c -> readers.get(c).size() == 1);
    if (constants.isEmpty() || !own) {
      return;
    }
    Value weights = constants.get(0);
    int outputs = weights.type().shape().dimension(0);
    int columns = weights.type().shape().elements() / outputs;
    if (moving == Moving.NONZERO) {
      orders.put(weights, aroundZeros(weights, columns));
      return;
    }
    int[] order = shuffled(0, outputs);
    orders.put(weights, withinRows(order, columns));
    constants.stream().skip(1).forEach(bias -> orders.put(bias, order));
    readers.getOrDefault(layer.output(), List.of()).stream()
        .filter(node -> node.op() instanceof Requantize r && r.channels().size() == outputs)
        .forEach(node -> orders.put(node.output(), order));
  }

  private IntStream channels(Node requantize) {
    int[] order = orders.get(requantize.output());
    int count = ((Requantize) requantize.op()).channels().size();
    return order == null ? IntStream.range(0, count) : IntStream.of(order);
  }

  private static Requantization other(Requantization channel) {
    if (!(channel instanceof ScaleThenRound rounding)) {
      return channel;
    }
    int zero = rounding.zeroPoint();
    return new ScaleThenRound(
        SMALLER * rounding.scale(),
        zero < rounding.high() ? zero + 1 : zero - 1,
        rounding.low(),
        rounding.high());
  }

  private int[] withinRows(int[] rows, int columns) {
    return IntStream.of(rows)
        .flatMap(row -> IntStream.of(shuffled(row * columns, columns)))
        .toArray();
  }

  private int[] aroundZeros(Value weights, int columns) {
    int[] data = ((IntegerTensor) graph.constant(weights).orElseThrow().decode()).data();
    int[] order = IntStream.range(0, data.length).toArray();
    for (int first = 0; first < data.length; first += columns) {
      int[] places =
          IntStream.range(first, first + columns).filter(place -> data[place] != 0).toArray();
      int[] others = shuffled(IntStream.of(places));
      for (int i = 0; i < places.length; i++) {
        order[places[i]] = others[i];
      }
    }
    return order;
  }

  private int[] shuffled(int first, int count) {
    return shuffled(IntStream.range(first, first + count));
  }

  private int[] shuffled(IntStream numbers) {
    List<Integer> places = numbers.boxed().collect(Collectors.toList());
    Collections.shuffle(places, random);
    return places.stream().mapToInt(Integer::intValue).toArray();
  }

  private Optional<Value> replace(Node node, GraphRewriter rewriter) {
    if (node.op() instanceof Requantize requantize) {
      // Where no weights are in front, scales may be constants.
      if (graph.producer(node.inputs().get(0)).filter(l -> l.inputs().size() > 1).isEmpty()) {
        return Optional.empty();
      }
      List<Requantization> channels =
          channels(node).mapToObj(requantize.channels()::get).map(ShuffledWeights::other).toList();
      Requantize other = new Requantize(channels, requantize.channelAxis(), requantize.output());
      List<Value> operands = new ArrayList<>();
      node.inputs().forEach(input -> operands.add(rewriter.mapped(input)));
      return Optional.of(rewriter.addLike(node, other, operands));
    }
    int[] order = orders.get(node.output());
    if (order == null) {
      return Optional.empty();
    }
    Weights weights = ((Constant) node.op()).weights();
    IntegerTensor old = (IntegerTensor) weights.decode();
    int[] data = IntStream.of(order).map(place -> old.data()[place]).toArray();
    Constant other = new Constant(new DenseWeights(new IntegerTensor(old.type(), data)));
    return Optional.of(rewriter.addLike(node, other, List.of()));
  }
}
