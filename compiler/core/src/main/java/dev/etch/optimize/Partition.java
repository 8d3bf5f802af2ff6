// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.Location;
import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.PartitionedModel;
import dev.etch.graph.Value;
import dev.etch.op.AccumulatingOp;
import dev.etch.op.ArgMax;
import dev.etch.op.BatchToSpace;
import dev.etch.op.Concat;
import dev.etch.op.Constant;
import dev.etch.op.Conv2d;
import dev.etch.op.ConversionOp;
import dev.etch.op.Dense;
import dev.etch.op.Dequantize;
import dev.etch.op.FloatOp;
import dev.etch.op.IntegerLstm;
import dev.etch.op.IntegerMultiply;
import dev.etch.op.IntegerSoftmaxOp;
import dev.etch.op.Lookup;
import dev.etch.op.MaxPool2d;
import dev.etch.op.NearestResize2d;
import dev.etch.op.OperatorTable;
import dev.etch.op.Pad;
import dev.etch.op.QuantizedAdd;
import dev.etch.op.RealQuantize;
import dev.etch.op.Requantize;
import dev.etch.op.Reshape;
import dev.etch.op.Slice;
import dev.etch.op.SpaceToBatch;
import dev.etch.op.Transpose;
import dev.etch.optimize.integer.IntegerizeQuantizedOperators;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Cuts a graph into what the host does before, the integer part for the accelerator, and what the
 * host does after. Operators on integers that do not come from the last part are the accelerator's;
 * floats that come from it are the last part's, and so is a softmax of integers unless a quantized
 * layer follows.
 */
public final class Partition {
  /** Who computes an operator whose operands and results are integers. */
  private enum Place {
    HARDWARE,
    /** Hardware or a driver. */
    EITHER
  }

  private static final OperatorTable<Place> PLACES =
      OperatorTable.<Place>of("partition")
          .with(
              Place.EITHER,
              IntegerSoftmaxOp.class,
              ArgMax.class,
              Constant.class,
              Reshape.class,
              Transpose.class)
          .with(
              Place.HARDWARE,
              AccumulatingOp.class,
              BatchToSpace.class,
              Concat.class,
              IntegerLstm.class,
              IntegerMultiply.class,
              Lookup.class,
              MaxPool2d.class,
              NearestResize2d.class,
              Pad.class,
              QuantizedAdd.class,
              Requantize.class,
              Slice.class,
              SpaceToBatch.class)
          .without("has floats on one side at least", ConversionOp.class, FloatOp.class)
          .build();

  private enum Part {
    BEFORE,
    ACCELERATOR,
    AFTER
  }

  private final Graph graph;
  private final Map<Value, Node> producers;
  private final Map<Value, List<Node>> consumers;
  private final DiagnosticCollector diagnostics;
  private final Set<Node> reported = new HashSet<>();
  private final Map<Value, Part> parts = new HashMap<>();
  private final Map<Value, Node> constants = new HashMap<>();
  private final Map<Part, List<Node>> nodes =
      Map.of(
          Part.BEFORE, new ArrayList<>(),
          Part.ACCELERATOR, new ArrayList<>(),
          Part.AFTER, new ArrayList<>());

  private Partition(Graph graph, DiagnosticCollector diagnostics) {
    this.graph = graph;
    this.producers = graph.producers();
    this.consumers = graph.consumers();
    this.diagnostics = diagnostics;
  }

  /**
   * The three parts; empty if {@code diagnostics} got errors: float operators between integers, or
   * an accelerator without exactly one input.
   */
  public static Optional<PartitionedModel> of(Graph graph, DiagnosticCollector diagnostics) {
    return new Partition(graph, diagnostics).cut();
  }

  private Optional<PartitionedModel> cut() {
    graph.inputs().forEach(input -> parts.put(input, Part.BEFORE));
    Set<Value> neededByHardware = neededByHardware();
    graph.nodes().forEach(node -> assign(node, neededByHardware));
    if (diagnostics.hasErrors()) {
      return Optional.empty();
    }
    Set<Value> entering = crossing(Part.BEFORE, Part.ACCELERATOR, false);
    Set<Value> leaving = leaving();
    Set<Value> around = crossing(Part.BEFORE, Part.AFTER, true);
    requireOneInput(entering);
    if (diagnostics.hasErrors()) {
      return Optional.empty();
    }
    for (Value value : around) {
      diagnostics.error(
          place(value),
          "value '" + value.name() + "' goes around the quantized part of the model",
          "only what depends on the quantized layers alone can follow them");
    }
    if (diagnostics.hasErrors()) {
      return Optional.empty();
    }
    return Optional.of(
        new PartitionedModel(
            graph,
            part(Part.BEFORE, graph.inputs(), entering),
            part(Part.ACCELERATOR, entering, leaving),
            part(Part.AFTER, leaving, graph.outputs())));
  }

  /** Values that an integer operator reads which no host computes, directly or not. */
  private Set<Value> neededByHardware() {
    Set<Value> needed = new HashSet<>();
    List<Node> all = graph.nodes();
    for (int i = all.size() - 1; i >= 0; i--) {
      Node node = all.get(i);
      boolean isHardware =
          node.output().type().isInteger()
              && node.inputs().stream().allMatch(operand -> operand.type().isInteger())
              && PLACES.get(node.op()) == Place.HARDWARE;
      if (isHardware || needed.contains(node.output())) {
        needed.addAll(node.inputs());
      }
    }
    return needed;
  }

  private void assign(Node node, Set<Value> neededByHardware) {
    if (node.op() instanceof Constant) {
      constants.put(node.output(), node);
      return;
    }
    Part latest = Part.BEFORE;
    boolean lastSoftmax =
        node.op() instanceof IntegerSoftmaxOp && !neededByHardware.contains(node.output());
    boolean onHost = lastSoftmax || node.output().type().isFloat();
    for (Value operand : node.inputs()) {
      Part part = parts.getOrDefault(operand, Part.BEFORE);
      latest = part.compareTo(latest) > 0 ? part : latest;
      onHost |= operand.type().isFloat();
    }
    Part part =
        latest == Part.AFTER || (onHost && latest == Part.ACCELERATOR)
            ? Part.AFTER
            : onHost ? Part.BEFORE : Part.ACCELERATOR;
    if (part == Part.AFTER && quantizes(node)) {
      reportFloatsBefore(node);
    }
    parts.put(node.output(), part);
    nodes.get(part).add(node);
  }

  private static boolean quantizes(Node node) {
    return node.op() instanceof ConversionOp && node.output().type().isInteger();
  }

  /** Each float operator of the last part that a Quantize reads, directly or not. */
  private void reportFloatsBefore(Node quantize) {
    Set<Value> read = new HashSet<>(quantize.inputs());
    List<Node> after = nodes.get(Part.AFTER);
    List<Node> found = new ArrayList<>();
    for (int i = after.size() - 1; i >= 0; i--) {
      Node node = after.get(i);
      if (read.contains(node.output())) {
        read.addAll(node.inputs());
        found.add(0, node);
      }
    }
    List<Node> floats =
        found.stream()
            .filter(node -> node.inputs().stream().anyMatch(v -> v.type().isFloat()))
            .filter(node -> !quantizes(node))
            .toList();
    causes(floats).forEach(this::reportFloat);
  }

  /**
   * Of a chain of floats only what keeps it from becoming integers: operators that never do, else
   * those at its beginning.
   */
  private static List<Node> causes(List<Node> floats) {
    List<Node> never =
        floats.stream()
            .filter(n -> !IntegerizeQuantizedOperators.operators().contains(n.op().getClass()))
            .toList();
    Set<Value> computed = new HashSet<>();
    floats.forEach(node -> computed.add(node.output()));
    return never.isEmpty()
        ? floats.stream().filter(n -> n.inputs().stream().noneMatch(computed::contains)).toList()
        : never;
  }

  private void reportFloat(Node node) {
    if (!reported.add(node)) {
      return;
    }
    if (isQuantizedAround(node)) {
      diagnostics.error(
          node.location(),
          "has no integer form between "
              + operandTypes(node)
              + " and "
              + consumers.get(node.output()).get(0).output().type().element(),
          "quantize both sides to 8 bits with one scale each, or cut the model there, with"
              + " --outputs NAME");
    } else {
      diagnostics.error(
          node.location(), "computes in float between quantized layers", howToQuantize(node));
    }
  }

  /**
   * Whether nothing is missing around it: its operands are dequantized, its result is quantized.
   */
  private boolean isQuantizedAround(Node node) {
    List<Node> readers = consumers.getOrDefault(node.output(), List.of());
    return !readers.isEmpty()
        && readers.stream().allMatch(Partition::quantizes)
        && node.inputs().stream()
            .allMatch(
                v ->
                    constants.containsKey(v) && v.type().isInteger()
                        || Optional.ofNullable(producers.get(v))
                            .filter(n -> n.op() instanceof Dequantize)
                            .isPresent())
        && IntegerizeQuantizedOperators.operators().contains(node.op().getClass());
  }

  private String operandTypes(Node node) {
    return node.inputs().stream()
        .filter(v -> !constants.containsKey(v))
        .map(v -> producers.get(v).inputs().get(0).type().element().toString())
        .distinct()
        .collect(Collectors.joining(" and "));
  }

  /** In the words of what the model is written in. */
  private String howToQuantize(Node node) {
    if (node.location().toString().contains(".tflite:")) {
      return "convert the model with full integer quantization, with supported_ops ="
          + " [TFLITE_BUILTINS_INT8]";
    }
    return graph.nodes().stream().anyMatch(n -> n.op() instanceof RealQuantize)
        ? "put a Quant node behind each of its operands, its weights included, and behind its result"
        : "put QuantizeLinear and DequantizeLinear behind each of its operands, its weights"
            + " included, and behind its result";
  }

  /** What the accelerator gives, in the order of the graph's outputs that are made of it. */
  private Set<Value> leaving() {
    Set<Value> leaving = new LinkedHashSet<>();
    Set<Value> seen = new HashSet<>();
    Deque<Value> open = new ArrayDeque<>(graph.outputs());
    while (!open.isEmpty()) {
      Value value = open.pop();
      Part part = parts.get(value);
      if (part == Part.ACCELERATOR) {
        leaving.add(value);
      } else if (part == Part.AFTER && seen.add(value)) {
        List<Value> operands = new ArrayList<>(producers.get(value).inputs());
        Collections.reverse(operands);
        operands.forEach(open::push);
      }
    }
    leaving.addAll(crossing(Part.ACCELERATOR, Part.AFTER, true));
    return leaving;
  }

  /** Values of {@code from} that {@code to} (or, if asked, a graph output) reads, in order. */
  private Set<Value> crossing(Part from, Part to, boolean outputs) {
    Set<Value> crossing = new LinkedHashSet<>();
    for (Node node : nodes.get(to)) {
      node.inputs().stream().filter(v -> parts.get(v) == from).forEach(crossing::add);
    }
    if (outputs) {
      graph.outputs().stream().filter(v -> parts.get(v) == from).forEach(crossing::add);
    }
    return crossing;
  }

  private void requireOneInput(Set<Value> values) {
    if (nodes.get(Part.ACCELERATOR).isEmpty()) {
      if (!diagnostics.hasErrors()) {
        reportNothingQuantized();
      }
    } else if (values.size() != 1) {
      diagnostics.error(
          values.stream().findFirst().map(this::place).orElse(Location.file(graph.name())),
          "the quantized part of the model has "
              + values.size()
              + " inputs: "
              + String.join(", ", values.stream().map(Value::name).toList()),
          "begin at one tensor, with --inputs NAME");
    }
  }

  private void reportNothingQuantized() {
    List<Node> floats = nodes.get(Part.BEFORE).stream().filter(n -> !quantizes(n)).toList();
    long layers = floats.stream().filter(Partition::isFloatLayer).count();
    if (layers > 0 && nodes.get(Part.BEFORE).stream().noneMatch(Partition::quantizes)) {
      diagnostics.error(
          Location.file(graph.name()),
          layers
              + (layers == 1 ? " layer computes" : " layers compute")
              + " in floating point: this is a float model",
          "quantize it with 'etch compress', or with the framework's own tools");
      return;
    }
    for (Node node : floats) {
      diagnostics.error(node.location(), "this operator is not quantized", howToQuantize(node));
    }
    if (floats.isEmpty()) {
      diagnostics.error(
          Location.file(graph.name()),
          "the model has no quantized layer",
          "an accelerator needs at least one");
    }
  }

  private static boolean isFloatLayer(Node node) {
    return node.op() instanceof Conv2d || node.op() instanceof Dense;
  }

  private Location place(Value value) {
    return Optional.ofNullable(producers.get(value))
        .map(Node::location)
        .orElse(Location.file(graph.name()));
  }

  private Graph part(
      Part part, java.util.Collection<Value> inputs, java.util.Collection<Value> outputs) {
    Set<Node> needed = new LinkedHashSet<>();
    for (Node node : nodes.get(part)) {
      node.inputs().stream().map(constants::get).filter(c -> c != null).forEach(needed::add);
      needed.add(node);
    }
    for (Value output : outputs) {
      if (constants.containsKey(output)) {
        needed.add(constants.get(output));
      }
    }
    return new Graph(graph.name(), List.copyOf(inputs), List.copyOf(outputs), List.copyOf(needed));
  }
}
