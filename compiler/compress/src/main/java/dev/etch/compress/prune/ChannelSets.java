// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.prune;

import dev.etch.compress.network.Network;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.Constant;
import dev.etch.op.Op;
import dev.etch.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Which channels of a network have to go together: those that a layer gives are read by other
 * layers, through normalizations, activations, pools and reshapes, and additions make those of
 * several layers one set. Channels of inputs and outputs, and those that an operator mixes, stay.
 */
final class ChannelSets {
  /**
   * Where the channels of a value are: element e of it, row-major, is of channel {@code e / inner %
   * count}.
   */
  record Place(int set, int count, int inner) {}

  /** Elements of a constant along an axis go with the channels at a place. */
  record Cut(int axis, Place place) {}

  /**
   * How a node becomes one with fewer channels.
   *
   * @param cuts of its constant operands, by their number
   * @param op the operator, given which channels are kept
   */
  record Rewrite(Map<Integer, List<Cut>> cuts, Function<Function<Place, boolean[]>, Op> op) {}

  private final Network network;
  private final Map<Value, Place> places = new HashMap<>();
  private final Map<Node, Rewrite> rewrites = new LinkedHashMap<>();
  private final List<Integer> parents = new ArrayList<>();
  private final Set<Integer> fixed = new HashSet<>();
  private final Map<Integer, List<Producer>> producers = new LinkedHashMap<>();

  /** Constants of a node whose first axis are the channels that it gives. */
  record Producer(Node node, Place place, String weights) {}

  ChannelSets(Network network) {
    this.network = network;
    Place input = fixed(network.input());
    places.put(network.input(), input);
    for (Node node : network.graph().nodes()) {
      if (!(node.op() instanceof Constant)) {
        ChannelRules.apply(node, this);
      }
    }
    network.graph().outputs().forEach(value -> fix(places.get(value)));
    network
        .graph()
        .consumers()
        .forEach(
            (value, readers) -> {
              if (isConstant(value) && readers.size() > 1) {
                readers.forEach(this::fixCuts);
              }
            });
  }

  private void fixCuts(Node node) {
    rewrites.get(node).cuts().values().forEach(cuts -> cuts.forEach(cut -> fix(cut.place())));
  }

  Network network() {
    return network;
  }

  boolean isConstant(Value value) {
    return network.graph().constant(value).isPresent();
  }

  Place place(Value value) {
    return places.get(value);
  }

  Rewrite rewrite(Node node) {
    return rewrites.get(node);
  }

  /** A place with channels of its own. */
  Place created(Shape shape, int axis) {
    parents.add(parents.size());
    return new Place(parents.size() - 1, shape.dimension(axis), shape.strides()[axis]);
  }

  private Place fixed(Value value) {
    Shape shape = value.type().shape();
    parents.add(parents.size());
    Place place = new Place(parents.size() - 1, 1, shape.elements());
    fix(place);
    return place;
  }

  void fix(Place place) {
    fixed.add(root(place.set()));
  }

  /** Nothing that the node reads or gives may lose channels. */
  void keep(Node node) {
    node.inputs().stream().filter(places::containsKey).map(places::get).forEach(this::fix);
    for (Value output : node.outputs()) {
      places.put(output, fixed(output));
    }
    rewrites.put(node, new Rewrite(Map.of(), kept -> node.op()));
  }

  /** The node gives channels at this place, with the same operator. */
  void give(Node node, Place place, Map<Integer, List<Cut>> cuts) {
    give(node, place, cuts, kept -> node.op());
  }

  void give(
      Node node,
      Place place,
      Map<Integer, List<Cut>> cuts,
      Function<Function<Place, boolean[]>, Op> op) {
    places.put(node.output(), place);
    rewrites.put(node, new Rewrite(cuts, op));
  }

  /** The rows of a layer's weights are the channels that it gives. */
  void produce(Node node, Place place) {
    producers
        .computeIfAbsent(place.set(), set -> new ArrayList<>())
        .add(new Producer(node, place, node.inputs().get(1).name()));
  }

  /** Channels of both go together. */
  void join(Place one, Place other) {
    int first = root(one.set());
    int second = root(other.set());
    if (first != second) {
      parents.set(second, first);
      if (fixed.contains(second)) {
        fixed.add(first);
      }
    }
  }

  private int root(int set) {
    int root = set;
    while (parents.get(root) != root) {
      root = parents.get(root);
    }
    return root;
  }

  /** The axis of a shape that is the channels of a place, if there is one. */
  static Optional<Integer> axis(Shape shape, Place place) {
    for (int axis = 0; axis < shape.rank(); axis++) {
      if (shape.dimension(axis) == place.count() && shape.strides()[axis] == place.inner()) {
        return Optional.of(axis);
      }
    }
    return Optional.empty();
  }

  /** What gives the channels of each set that may lose some; sets in the order of their nodes. */
  Map<Integer, List<Producer>> removable() {
    Map<Integer, List<Producer>> result = new LinkedHashMap<>();
    producers.forEach(
        (set, list) -> {
          int root = root(set);
          if (!fixed.contains(root) && list.get(0).place().count() > 1) {
            result.computeIfAbsent(root, r -> new ArrayList<>()).addAll(list);
          }
        });
    return result;
  }

  /** What is kept at a place, given what is of each set. */
  boolean[] kept(Place place, Map<Integer, boolean[]> bySet) {
    boolean[] kept = bySet.get(root(place.set()));
    return kept == null ? Mask.all(place.count()).kept() : kept;
  }
}
