// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.OperatorException;
import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.Constant;
import dev.etch.op.RecurrentOp;
import dev.etch.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Runs a graph, exactly as its operators define it. Constants are decoded once; a value is dropped
 * after its last reader.
 *
 * <p>An interpreter keeps no state between or during calls: any number of threads may share one.
 * What recurrent layers remember is in {@link SequenceStates}, which belong to the caller.
 */
public final class Interpreter {
  private final Graph graph;
  private final List<Value> values = new ArrayList<>();
  private final Map<Value, Integer> slots = new HashMap<>();
  private final Map<Value, Tensor> constants = new LinkedHashMap<>();
  private final Map<Integer, Kernel> kernels = new ConcurrentHashMap<>();
  private final Queue<Scratch> scratches = new ConcurrentLinkedQueue<>();
  private final Optional<Vectors> vectors;
  private final WarmUp warmUp;
  private volatile List<Step> steps;
  private volatile boolean usesVectors;

  /** One layer: which slots it reads, where its results go, and which slots nobody reads after. */
  private record Step(Node node, Layer layer, int[] operands, int firstResult, int[] dead) {}

  /** Prepares {@code graph}: decodes its constants and chooses a kernel for each node. */
  public Interpreter(Graph graph) {
    this(graph, Vectors.available(), WarmUp.OF_THIS_JVM);
  }

  /** Prepares {@code graph}; {@code vectors} are used when {@code warmUp} is over. */
  Interpreter(Graph graph, Optional<Vectors> vectors, WarmUp warmUp) {
    this.warmUp = warmUp;
    this.graph = graph;
    graph.inputs().forEach(this::addSlot);
    graph.nodes().forEach(node -> node.outputs().forEach(this::addSlot));
    for (Node node : graph.nodes()) {
      if (node.op() instanceof Constant constant) {
        constants.put(node.output(), constant.weights().decode());
      }
    }
    this.vectors = vectors;
    this.steps = plan(Optional.empty());
  }

  private List<Step> plan(Optional<Vectors> loops) {
    List<Step> planned = new ArrayList<>();
    LayerPlan plan = new LayerPlan(graph, constants, loops);
    Map<Value, Integer> lastReader = lastReaders();
    Set<Node> fused = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int i = 0; i < graph.nodes().size(); i++) {
      Node node = graph.nodes().get(i);
      if (!(node.op() instanceof Constant) && !fused.contains(node)) {
        LayerPlan.Choice choice = plan.of(node);
        fused.add(choice.last());
        planned.add(step(node, choice, i, lastReader));
      }
    }
    return planned;
  }

  private void addSlot(Value value) {
    slots.put(value, values.size());
    values.add(value);
  }

  /** The position of the node after which a value is dead; graph outputs and constants stay. */
  private Map<Value, Integer> lastReaders() {
    Map<Value, Integer> last = new HashMap<>();
    for (int i = 0; i < graph.nodes().size(); i++) {
      for (Value operand : graph.nodes().get(i).inputs()) {
        last.put(operand, i);
      }
      for (Value result : graph.nodes().get(i).outputs()) {
        last.put(result, i);
      }
    }
    graph.outputs().forEach(last::remove);
    constants.keySet().forEach(last::remove);
    return last;
  }

  private Step step(
      Node node, LayerPlan.Choice choice, int position, Map<Value, Integer> lastReader) {
    int[] operands = node.inputs().stream().mapToInt(slots::get).toArray();
    int[] dead =
        Stream.concat(node.inputs().stream(), node.outputs().stream())
            .filter(v -> Integer.valueOf(position).equals(lastReader.get(v)))
            .mapToInt(slots::get)
            .distinct()
            .toArray();
    int firstResult = slots.get(choice.last().outputs().get(0));
    return new Step(node, choice.layer(), operands, firstResult, dead);
  }

  /**
   * The graph's outputs for its inputs, both in the graph's order. For recurrent layers they are a
   * whole sequence.
   *
   * @throws DiagnosticException if an accumulator leaves its type; it names the node
   */
  public List<Tensor> run(List<Tensor> inputs) {
    return run(inputs, new SequenceStates());
  }

  /** The same for a frame of a sequence, whose {@code states} go on. */
  public List<Tensor> run(List<Tensor> inputs, SequenceStates states) {
    Tensor[] tensors = start(inputs);
    Activation[] state = new Activation[tensors.length];
    for (int i = 0; i < state.length; i++) {
      state[i] = tensors[i] == null ? null : new Activation(tensors[i]);
    }
    Scratch borrowed = scratches.poll();
    Scratch scratch = borrowed == null ? new Scratch() : borrowed;
    if (vectors.isPresent() && !usesVectors && warmUp.isOver()) {
      changeToVectors();
    }
    long start = System.nanoTime();
    for (Step step : steps) {
      execute(step, state, states, scratch);
    }
    warmUp.add(System.nanoTime() - start);
    scratches.add(scratch);
    return graph.outputs().stream().map(v -> state[slots.get(v)].tensor()).toList();
  }

  private synchronized void changeToVectors() {
    if (!usesVectors) {
      steps = plan(vectors);
      // The other layers had need of other memory.
      scratches.clear();
      usesVectors = true;
    }
  }

  private static void execute(
      Step step, Activation[] state, SequenceStates states, Scratch scratch) {
    Activation[] operands = new Activation[step.operands().length];
    for (int i = 0; i < operands.length; i++) {
      operands[i] = state[step.operands()[i]];
    }
    List<Activation> results = located(step.node(), () -> run(step, operands, states, scratch));
    for (int i = 0; i < results.size(); i++) {
      state[step.firstResult() + i] = results.get(i);
    }
    for (int slot : step.dead()) {
      if (state[slot] != null) {
        state[slot].release(scratch);
      }
      state[slot] = null;
    }
  }

  private static List<Activation> run(
      Step step, Activation[] operands, SequenceStates states, Scratch scratch) {
    if (step.node().op() instanceof RecurrentOp op) {
      Kernel kernel = tensors -> states.advance(step.node(), op, tensors);
      return Layer.of(kernel).run(operands, scratch);
    }
    return step.layer().run(operands, scratch);
  }

  /** Whether a frame's outputs depend on the frames before it. */
  public boolean isRecurrent() {
    return graph.nodes().stream().anyMatch(node -> node.op() instanceof RecurrentOp);
  }

  private static <T> T located(Node node, Supplier<T> work) {
    try {
      return work.get();
    } catch (OperatorException e) {
      throw new DiagnosticException(node.location(), e.getMessage(), e.help());
    }
  }

  /**
   * Every value of the graph, inputs first, then in the order of the nodes, each by its own kernel:
   * for finding where two implementations part.
   */
  public Map<Value, Tensor> runAll(List<Tensor> inputs) {
    Tensor[] state = start(inputs);
    for (Node node : graph.nodes()) {
      if (!(node.op() instanceof Constant)) {
        runAlone(node, state);
      }
    }
    Map<Value, Tensor> all = new LinkedHashMap<>();
    for (int i = 0; i < state.length; i++) {
      all.put(values.get(i), state[i]);
    }
    return all;
  }

  private void runAlone(Node node, Tensor[] state) {
    List<Tensor> operands = node.inputs().stream().map(v -> state[slots.get(v)]).toList();
    Kernel kernel =
        kernels.computeIfAbsent(
            slots.get(node.outputs().get(0)), slot -> Kernels.of(node, constants));
    List<Tensor> results = located(node, () -> kernel.run(operands));
    for (int i = 0; i < results.size(); i++) {
      state[slots.get(node.outputs().get(i))] = results.get(i);
    }
  }

  /** Whether it has changed to vectors. */
  boolean usesVectors() {
    return usesVectors;
  }

  /** The graph that this interpreter runs. */
  public Graph graph() {
    return graph;
  }

  private Tensor[] start(List<Tensor> inputs) {
    if (!inputs.stream()
        .map(Tensor::type)
        .toList()
        .equals(graph.inputs().stream().map(Value::type).toList())) {
      throw new IllegalArgumentException(
          "graph " + graph.name() + " takes " + graph.inputs() + ", not " + inputs);
    }
    Tensor[] state = new Tensor[values.size()];
    for (int i = 0; i < inputs.size(); i++) {
      state[i] = inputs.get(i);
    }
    constants.forEach((value, tensor) -> state[slots.get(value)] = tensor);
    return state;
  }
}
