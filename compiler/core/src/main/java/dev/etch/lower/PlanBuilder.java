// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.diagnostic.CompilerBug;
import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.hardware.FrameOrder;
import dev.etch.hardware.WindowUnit;
import dev.etch.hardware.requantizer.Offset;
import dev.etch.lower.WindowLayer.Frame;
import dev.etch.lower.WindowLayer.Tap;
import dev.etch.op.Constant;
import dev.etch.op.Layout;
import dev.etch.op.Requantize;
import dev.etch.op.Window;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IntSummaryStatistics;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import java.util.function.Predicate;

/** What the lowerings of the operators share while they turn a graph into stages. */
final class PlanBuilder {
  private final Graph graph;
  private final Arithmetic arithmetic;
  private final Map<Value, List<Node>> consumers;
  private final Map<Value, View> views = new HashMap<>();
  private final List<Stage> stages = new ArrayList<>();
  private final Set<Node> done = new HashSet<>();
  private final Set<String> layers = new HashSet<>();
  private int edges;

  /** A value, the edge that carries it, and in which order its elements travel there. */
  record View(Edge edge, FrameOrder order) {}

  PlanBuilder(Graph graph, Arithmetic arithmetic) {
    this.graph = graph;
    this.arithmetic = arithmetic;
    this.consumers = graph.consumers();
  }

  Arithmetic arithmetic() {
    return arithmetic;
  }

  /** The forms of the Requantize node behind raw sums, or of sums that leave as they are. */
  Requantizers requantizers(Value raw, Optional<Node> requantize) {
    return requantize.isEmpty()
        ? Requantizers.of(arithmetic.copy(raw))
        : new Requantizers(
            arithmetic.requantizer(requantize.get()),
            arithmetic.multiplierRequantizer(requantize.get()));
  }

  List<Stage> stages() {
    return stages;
  }

  boolean isDone(Node node) {
    return done.contains(node);
  }

  View view(Value value) {
    if (!views.containsKey(value)) {
      stream(value);
    }
    return views.get(value);
  }

  /** A constant that is data, not a parameter of its reader, travels like any other value. */
  private void stream(Value value) {
    Node node =
        graph
            .producer(value)
            .filter(producer -> producer.op() instanceof Constant)
            .orElseThrow(() -> new CompilerBug("lowering reads " + value + " before it is made"));
    Edge source = view(graph.inputs().get(0)).edge();
    IntegerTensor data = (IntegerTensor) ((Constant) node.op()).weights().decode();
    Edge output = declare(value, travelling(data));
    add(new Stage.OfConstant(layer(node.name()), source, output, data));
  }

  /**
   * Declares a value that nothing in front of it wants in a certain order: rows, columns, channels
   * in the layout of the first spatial layer that reads it, so that this layer needs no reordering;
   * row-major if there is none.
   */
  Edge declare(Value value) {
    return declare(value, (IntegerType) value.type().element());
  }

  /** No wider than its numbers need if it is wider than hardware carries, as indices are. */
  private static IntegerType travelling(IntegerTensor data) {
    IntegerType type = (IntegerType) data.type().element();
    IntSummaryStatistics range = Arrays.stream(data.data()).summaryStatistics();
    return type.bits() > IntegerType.INT32.bits()
        ? IntegerType.holding(Math.min(0, range.getMin()), Math.max(0, range.getMax()))
        : type;
  }

  private Edge declare(Value value, IntegerType type) {
    Shape shape = value.type().shape();
    Optional<Layout> layout = SpatialReader.layout(graph, value);
    return declare(
        value,
        layout
            .map(found -> Orders.rowsColumnsChannels(shape, found))
            .orElseGet(() -> FrameOrder.rowMajor(shape.elements())),
        layout
            .map(found -> shape.dimension(found.channelAxis()))
            .orElseGet(() -> Math.max(1, shape.elements())),
        type);
  }

  /** Declares a value that travels on an edge of its own, in {@code order}. */
  Edge declare(Value value, FrameOrder order, int channels) {
    return declare(value, order, channels, (IntegerType) value.type().element());
  }

  /** As above, with elements narrower than the value's own type. */
  Edge declare(Value value, FrameOrder order, int channels, IntegerType type) {
    Edge edge = new Edge(edges++, value, false, order, type, channels);
    views.put(value, new View(edge, order));
    return edge;
  }

  /**
   * An edge that carries no value of the graph, but something made of {@code origin}'s elements.
   */
  Edge intermediate(Value origin, FrameOrder order, IntegerType type, int channels) {
    return new Edge(edges++, origin, true, order, type, channels);
  }

  /** Declares a value that is another one under a new name: costs nothing. */
  void alias(Value value, View view) {
    views.put(value, view);
  }

  void add(Stage stage) {
    stages.add(stage);
  }

  /** A name for a stage that no other stage has. */
  String layer(String wanted) {
    String name = wanted;
    for (int i = 1; !layers.add(name); i++) {
      name = wanted + "." + i;
    }
    return name;
  }

  /** Constant operand {@code index}; validation has made sure that it is one. */
  IntegerTensor constant(Node node, int index) {
    return (IntegerTensor)
        graph
            .constant(node.inputs().get(index))
            .orElseThrow(() -> new CompilerBug("operand of " + node.name() + " is not constant"))
            .decode();
  }

  /** That the host loads a layer's weights, if it does. */
  Optional<LoadableWeights> loaded(IntegerTensor weights) {
    return arithmetic.loadsWeights()
        ? Optional.of(LoadableWeights.of((IntegerType) weights.type().element()))
        : Optional.empty();
  }

  /** The only reader of a value that is not the graph's output. */
  Optional<Node> onlyReader(Value value) {
    List<Node> readers = consumers.getOrDefault(value, List.of());
    boolean single = readers.size() == 1 && !graph.outputs().contains(value);
    return single ? Optional.of(readers.get(0)) : Optional.empty();
  }

  /** Takes the Requantize behind a node into its unit if nobody else reads the raw values. */
  Optional<Node> takeRequantize(Value raw) {
    return takeRequantize(raw, node -> true);
  }

  /** As above, if the Requantize is one that the unit can take. */
  Optional<Node> takeRequantize(Value raw, Predicate<Node> takes) {
    Optional<Node> reader = onlyReader(raw).filter(n -> n.op() instanceof Requantize).filter(takes);
    reader.ifPresent(done::add);
    return reader;
  }

  /** The operand's edge, through a reordering unit if it does not travel in {@code order}. */
  Edge inOrder(Node node, Value operand, FrameOrder order, int channels) {
    View view = view(operand);
    return view.order().equals(order) ? view.edge() : reorder(node, operand, view, order, channels);
  }

  /**
   * What a selection copies: the element of row-major number i of a tensor of shape {@code to} is
   * that of number {@code source(i)} of a tensor of shape {@code from}, which {@code view} carries.
   */
  record Copies(View view, Shape from, Shape to, IntUnaryOperator source) {}

  /**
   * An edge of such copies, in {@code order}.
   *
   * @param carried the value that the edge carries; if it has another number of elements (a
   *     broadcast operand), the edge carries no value of the graph
   */
  Edge copies(Node node, Copies copies, FrameOrder order, Value carried) {
    int[] place = copies.view.order().places();
    int[] sources = new int[order.size()];
    for (int p = 0; p < sources.length; p++) {
      sources[p] = place[copies.source.applyAsInt(order.indexes()[p])];
    }
    Selection selection = Selection.of(sources, place.length, Grids.of(copies.from, copies.to));
    Edge input = copies.view.edge();
    Edge output = new Edge(edges++, carried, false, order, input.type(), selection.places().size());
    add(new Stage.OfSelect(layer(node.name()), input, output, selection));
    return output;
  }

  private Edge reorder(Node node, Value operand, View view, FrameOrder order, int channels) {
    int size = order.size();
    int[] place = view.order().places();
    List<List<Tap>> outputs = new ArrayList<>();
    for (int p = 0; p < size; p++) {
      outputs.add(List.of(new Tap(0, 0, place[order.indexes()[p]], 1)));
    }
    IntegerType type = view.edge().type();
    Edge output = new Edge(edges++, operand, false, order, type, channels);
    add(
        new Stage.OfWindow(
            layer(node.name() + ".reorder"),
            "reorder",
            view.edge(),
            output,
            new WindowLayer(
                WindowUnit.Operation.SUM,
                new Frame(1, 1, size),
                Window.of(1, 1),
                0,
                outputs,
                type,
                Requantizers.of(new Offset(List.of(0L))),
                WindowLayer.ONE_PRODUCT,
                Optional.empty())));
    return output;
  }
}
