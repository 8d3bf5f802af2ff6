// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.prune;

import dev.etch.compress.prune.ChannelSets.Cut;
import dev.etch.compress.prune.ChannelSets.Place;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.Add;
import dev.etch.op.AveragePool2d;
import dev.etch.op.BatchNormalization;
import dev.etch.op.Clip;
import dev.etch.op.Constant;
import dev.etch.op.Conv2d;
import dev.etch.op.Dense;
import dev.etch.op.MaxPool2d;
import dev.etch.op.OperatorTable;
import dev.etch.op.Operators;
import dev.etch.op.Pad;
import dev.etch.op.ReduceMean2d;
import dev.etch.op.Relu;
import dev.etch.op.Reshape;
import dev.etch.op.Transpose;
import dev.etch.tensor.Shape;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/** What each operator does with channels. */
final class ChannelRules {
  private static final Set<Class<?>> NAMED =
      Set.of(
          Add.class,
          AveragePool2d.class,
          BatchNormalization.class,
          Clip.class,
          Constant.class,
          Conv2d.class,
          Dense.class,
          MaxPool2d.class,
          Pad.class,
          ReduceMean2d.class,
          Relu.class,
          Reshape.class,
          Transpose.class);

  private static final OperatorTable<BiConsumer<Node, ChannelSets>> RULES = rules();

  private ChannelRules() {}

  private static OperatorTable<BiConsumer<Node, ChannelSets>> rules() {
    OperatorTable.Builder<BiConsumer<Node, ChannelSets>> table =
        OperatorTable.<BiConsumer<Node, ChannelSets>>of("channels")
            .with(ChannelRules::add, Add.class)
            .with(ChannelRules::channelwise, Relu.class, Clip.class, Pad.class)
            .with(ChannelRules::channelwise, MaxPool2d.class, AveragePool2d.class)
            .with(ChannelRules::channelwise, ReduceMean2d.class)
            .with(ChannelRules::convolution, Conv2d.class)
            .with(ChannelRules::dense, Dense.class)
            .with(ChannelRules::normalization, BatchNormalization.class)
            .with(ChannelRules::reshape, Reshape.class)
            .with(ChannelRules::transpose, Transpose.class)
            .without("has no channels that something is known of", Constant.class);
    Operators.all().stream()
        .filter(op -> !NAMED.contains(op))
        .forEach(op -> table.with((node, sets) -> sets.keep(node), op));
    return table.build();
  }

  /** Says where the channels of a node's result are. */
  static void apply(Node node, ChannelSets sets) {
    RULES.get(node.op()).accept(node, sets);
  }

  private static Place first(Node node, ChannelSets sets) {
    return sets.place(node.inputs().get(0));
  }

  private static Shape shape(Value value) {
    return value.type().shape();
  }

  /** The same channels, in maps of any size. */
  private static void channelwise(Node node, ChannelSets sets) {
    Place place = first(node, sets);
    Optional<Integer> axis = ChannelSets.axis(shape(node.inputs().get(0)), place);
    Shape result = shape(node.output());
    if (axis.isPresent() && result.dimension(axis.get()) == place.count()) {
      int inner = result.strides()[axis.get()];
      sets.give(node, new Place(place.set(), place.count(), inner), Map.of());
    } else {
      sets.keep(node);
    }
  }

  private static void add(Node node, ChannelSets sets) {
    Value one = node.inputs().get(0);
    Value other = node.inputs().get(1);
    if (sets.isConstant(one) || sets.isConstant(other) || !shape(one).equals(shape(other))) {
      sets.keep(node);
      return;
    }
    Place place = sets.place(one);
    Place second = sets.place(other);
    if (place.count() == second.count() && place.inner() == second.inner()) {
      sets.join(place, second);
      sets.give(node, place, Map.of());
    } else {
      sets.keep(node);
    }
  }

  private static boolean hasConstants(Node node, ChannelSets sets) {
    return node.inputs().stream().skip(1).allMatch(sets::isConstant);
  }

  private static void convolution(Node node, ChannelSets sets) {
    Conv2d op = (Conv2d) node.op();
    Place input = first(node, sets);
    int axis = op.layout().channelAxis();
    Optional<Integer> found = ChannelSets.axis(shape(node.inputs().get(0)), input);
    boolean follows = found.isPresent() && found.get() == axis;
    int outputs = shape(node.inputs().get(1)).dimension(0);
    if (!hasConstants(node, sets)) {
      sets.keep(node);
    } else if (op.groups() == 1) {
      Place output = sets.created(shape(node.output()), axis);
      if (!follows) {
        sets.fix(input);
      }
      sets.give(node, output, layerCuts(node, output, follows ? input : null));
      sets.produce(node, output);
    } else if (follows && op.groups() == input.count() && outputs == input.count()) {
      Place output = new Place(input.set(), input.count(), shape(node.output()).strides()[axis]);
      sets.give(
          node,
          output,
          layerCuts(node, output, null),
          kept -> new Conv2d(op.window(), op.layout(), new Mask(kept.apply(input)).count()));
      sets.produce(node, output);
    } else {
      sets.keep(node);
    }
  }

  private static void dense(Node node, ChannelSets sets) {
    if (!hasConstants(node, sets) || shape(node.output()).rank() != 2) {
      sets.keep(node);
      return;
    }
    Place output = sets.created(shape(node.output()), 1);
    sets.give(node, output, layerCuts(node, output, first(node, sets)));
    sets.produce(node, output);
  }

  /** Weights lose rows, and columns if {@code input} is given; biases lose elements. */
  private static Map<Integer, List<Cut>> layerCuts(Node node, Place output, Place input) {
    Map<Integer, List<Cut>> cuts = new LinkedHashMap<>();
    Place rows = new Place(output.set(), output.count(), 1);
    List<Cut> weights = new ArrayList<>(List.of(new Cut(0, rows)));
    if (input != null) {
      boolean isDense = shape(node.inputs().get(1)).rank() == 2;
      weights.add(new Cut(1, isDense ? input : new Place(input.set(), input.count(), 1)));
    }
    cuts.put(1, weights);
    if (node.inputs().size() > 2) {
      cuts.put(2, List.of(new Cut(0, rows)));
    }
    return cuts;
  }

  private static void normalization(Node node, ChannelSets sets) {
    Place place = first(node, sets);
    Optional<Integer> axis = ChannelSets.axis(shape(node.inputs().get(0)), place);
    int wanted = ((BatchNormalization) node.op()).channelAxis();
    if (axis.isEmpty() || axis.get() != wanted || !hasConstants(node, sets)) {
      sets.keep(node);
      return;
    }
    Map<Integer, List<Cut>> cuts = new LinkedHashMap<>();
    for (int operand = 1; operand < node.inputs().size(); operand++) {
      cuts.put(operand, List.of(new Cut(0, new Place(place.set(), place.count(), 1))));
    }
    sets.give(node, place, cuts);
  }

  /** Of batches of one the elements stay in their order; one axis holds all channels. */
  private static void reshape(Node node, ChannelSets sets) {
    Place place = first(node, sets);
    Shape result = shape(node.output());
    for (int axis = 0; axis < result.rank(); axis++) {
      int stride = result.strides()[axis];
      int extent = result.dimension(axis);
      if (place.inner() % stride == 0 && stride * extent % (place.inner() * place.count()) == 0) {
        int at = axis;
        sets.give(
            node,
            place,
            Map.of(),
            kept -> {
              List<Integer> extents = new ArrayList<>(result.dimensions());
              extents.set(at, extent / place.count() * new Mask(kept.apply(place)).count());
              return new Reshape(extents);
            });
        return;
      }
    }
    sets.keep(node);
  }

  private static void transpose(Node node, ChannelSets sets) {
    Place place = first(node, sets);
    Optional<Integer> axis = ChannelSets.axis(shape(node.inputs().get(0)), place);
    if (axis.isEmpty()) {
      sets.keep(node);
      return;
    }
    int moved = ((Transpose) node.op()).permutation().indexOf(axis.get());
    int inner = shape(node.output()).strides()[moved];
    sets.give(node, new Place(place.set(), place.count(), inner), Map.of());
  }
}
