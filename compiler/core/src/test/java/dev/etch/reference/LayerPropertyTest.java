// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.Location;
import dev.etch.graph.Graph;
import dev.etch.graph.GraphBuilder;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.Constant;
import dev.etch.op.IntegerConv2d;
import dev.etch.op.IntegerDense;
import dev.etch.op.IntegerSumPool2d;
import dev.etch.op.Layout;
import dev.etch.op.MaxPool2d;
import dev.etch.op.QuantizedAdd;
import dev.etch.op.Requantize;
import dev.etch.op.Window;
import dev.etch.op.requantization.FixedPoint;
import dev.etch.op.requantization.FixedPointSum;
import dev.etch.op.requantization.FloatSum;
import dev.etch.op.requantization.QuantizedMultiplier;
import dev.etch.op.requantization.Requantization;
import dev.etch.op.requantization.ScaleThenRound;
import dev.etch.op.requantization.SumRequantization;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Graphs as the interpreter runs them, fused and on planes, equal their operators' definitions. */
class LayerPropertyTest {
  private static final Location HERE = Location.file("test");
  private static final IntegerType INT8 = IntegerType.INT8;

  /**
   * Runs a graph with and without vectors, twice each (the second time on used memory), and by the
   * definition of each operator.
   */
  private static void check(Graph graph, Tensor... inputs) {
    Interpreter interpreter = new Interpreter(graph, Optional.empty(), new WarmUp(0));
    List<Tensor> expected = define(graph, List.of(inputs));
    assertEquals(expected, interpreter.run(List.of(inputs)), graph::toString);
    assertEquals(expected, interpreter.run(List.of(inputs)), graph::toString);
    Map<Value, Tensor> all = interpreter.runAll(List.of(inputs));
    assertEquals(expected, graph.outputs().stream().map(all::get).toList());
    Vectors vectors = Vectors.available().orElseThrow();
    Interpreter onVectors = new Interpreter(graph, Optional.of(vectors), new WarmUp(0));
    assertEquals(expected, onVectors.run(List.of(inputs)), graph::toString);
    assertEquals(expected, onVectors.run(List.of(inputs)), graph::toString);
  }

  static List<Tensor> define(Graph graph, List<Tensor> inputs) {
    Map<Value, Tensor> values = new HashMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      values.put(graph.inputs().get(i), inputs.get(i));
    }
    for (Node node : graph.nodes()) {
      List<Tensor> results = node.op().evaluate(node.inputs().stream().map(values::get).toList());
      for (int i = 0; i < results.size(); i++) {
        values.put(node.outputs().get(i), results.get(i));
      }
    }
    return graph.outputs().stream().map(values::get).toList();
  }

  private static Layout layout(RandomTensors random) {
    return random.between(0, 1) == 0 ? Layout.NCHW : Layout.NHWC;
  }

  private static Window window(RandomTensors random) {
    return new Window(
        random.between(1, 3),
        random.between(1, 3),
        random.between(1, 3),
        random.between(1, 3),
        random.between(1, 2),
        random.between(1, 2),
        random.between(0, 2),
        random.between(0, 2),
        random.between(0, 2),
        random.between(0, 2));
  }

  private static IntegerTensor sparse(RandomTensors random, IntegerTensor weights) {
    int keep = random.between(0, 10);
    int[] data = weights.data().clone();
    for (int i = 0; i < data.length; i++) {
      data[i] = random.between(1, 10) <= keep ? data[i] : 0;
    }
    return new IntegerTensor(weights.type(), data);
  }

  private static List<Requantization> staircases(RandomTensors random, int channels) {
    List<Requantization> staircases = new ArrayList<>();
    int count = random.between(0, 1) == 0 ? 1 : channels;
    boolean fixed = random.between(0, 2) == 0;
    for (int i = 0; i < count; i++) {
      int zeroPoint = random.value(INT8);
      staircases.add(
          fixed
              ? new FixedPoint(0, QuantizedMultiplier.of(random.scale(0.004)), zeroPoint, -128, 127)
              : new ScaleThenRound(
                  random.scale(random.between(0, 9) == 0 ? 0.3 : 0.004), zeroPoint, -128, 127));
    }
    return staircases;
  }

  private static Value convolution(
      RandomTensors random, GraphBuilder builder, Value x, Window w, Layout layout, int groups) {
    int perGroup = x.type().shape().dimension(layout.channelAxis()) / groups;
    int outputs = groups * random.between(1, 20);
    IntegerTensor weights =
        sparse(random, random.integers(INT8, outputs, perGroup, w.kernelHeight(), w.kernelWidth()));
    Value sum =
        builder.add(
            "conv",
            new IntegerConv2d(w, layout, groups, random.value(INT8)),
            HERE,
            x,
            builder.constant("w", weights, HERE),
            builder.constant(
                "b", random.between(IntegerType.INT32, -20_000, 20_000, outputs), HERE));
    Requantize end = new Requantize(staircases(random, outputs), layout.channelAxis(), INT8);
    return builder.add("end", end, HERE, sum);
  }

  @Property(tries = 300)
  void convolutions(@ForAll long seed) {
    RandomTensors random = new RandomTensors(seed);
    Layout layout = layout(random);
    int groups = random.between(1, 3);
    IntegerTensor image =
        random.integers(
            INT8,
            layout
                .shape(
                    random.between(1, 2),
                    groups * random.between(1, 4),
                    random.between(5, 19),
                    random.between(5, 19))
                .toArray());
    GraphBuilder builder = new GraphBuilder("convolutions");
    Value x = builder.input("x", image.type());
    Value y = convolution(random, builder, x, window(random), layout, groups);
    builder.output(convolution(random, builder, y, Window.of(1, 1), layout, 1));
    Graph graph = builder.build();
    check(graph, image);
  }

  @Property(tries = 100)
  void residual(@ForAll long seed) {
    RandomTensors random = new RandomTensors(seed);
    Layout layout = layout(random);
    IntegerTensor image =
        random.integers(
            INT8, layout.shape(1, 4, random.between(3, 9), random.between(3, 9)).toArray());
    GraphBuilder builder = new GraphBuilder("residual");
    Value x = builder.input("x", image.type());
    Value weights = builder.constant("w", random.integers(INT8, 4, 4, 3, 3), HERE);
    Window same = new Window(3, 3, 1, 1, 1, 1, 1, 1, 1, 1);
    Value sum = builder.add("conv", new IntegerConv2d(same, layout, 1, 7), HERE, x, weights);
    Value main =
        builder.add(
            "end", new Requantize(staircases(random, 4), layout.channelAxis(), INT8), HERE, sum);
    Value added = builder.add("add", new QuantizedAdd(sum(random), INT8), HERE, main, x);
    Window pool = Window.of(random.between(1, 3), random.between(1, 3));
    builder.output(builder.add("max", new MaxPool2d(pool, layout), HERE, added));
    builder.output(
        builder.add("mean", new IntegerSumPool2d(pool, layout, random.value(INT8)), HERE, added));
    builder.output(main);
    check(builder.build(), image);
  }

  private static SumRequantization sum(RandomTensors random) {
    if (random.between(0, 2) == 0) {
      return new FixedPointSum(
          random.value(INT8),
          QuantizedMultiplier.of(random.scale(0.3)),
          random.value(INT8),
          QuantizedMultiplier.of(random.scale(0.3)),
          random.between(0, 1) == 0,
          20,
          QuantizedMultiplier.of(random.scale(2e-6)),
          random.value(INT8),
          -128,
          random.between(0, 127));
    }
    return new FloatSum(
        random.scale(0.1),
        random.value(INT8),
        random.scale(0.1),
        random.value(INT8),
        random.scale(0.1),
        random.value(INT8),
        -128,
        random.between(0, 127));
  }

  @Property(tries = 200)
  void pools(@ForAll long seed) {
    RandomTensors random = new RandomTensors(seed);
    Layout layout = layout(random);
    int size = random.between(5, 12);
    IntegerTensor image = random.integers(INT8, layout.shape(2, 3, size, size).toArray());
    int kernel = random.between(1, size);
    int pad = random.between(0, Math.min(2, kernel - 1));
    int stride = random.between(1, 3);
    Window window = new Window(kernel, kernel, stride, stride, 1, 1, pad, 0, 0, pad);
    GraphBuilder builder = new GraphBuilder("pools");
    Value x = builder.input("x", image.type());
    builder.output(builder.add("max", new MaxPool2d(window, layout), HERE, x));
    int zeroPoint = random.value(INT8);
    builder.output(builder.add("sum", new IntegerSumPool2d(window, layout, zeroPoint), HERE, x));
    check(builder.build(), image);
  }

  @Property(tries = 200)
  void dense(@ForAll long seed) {
    RandomTensors random = new RandomTensors(seed);
    int inputs = random.between(1, 60);
    int outputs = random.between(1, 40);
    IntegerTensor data = random.integers(INT8, random.between(1, 3), inputs);
    GraphBuilder builder = new GraphBuilder("dense");
    Value x = builder.input("x", data.type());
    Value w = builder.constant("w", sparse(random, random.integers(INT8, outputs, inputs)), HERE);
    Value sum = builder.add("fc", new IntegerDense(random.value(INT8)), HERE, x, w);
    builder.output(
        builder.add("end", new Requantize(staircases(random, outputs), 1, INT8), HERE, sum));
    check(builder.build(), data);
  }

  private static LayerPlan.Choice choice(IntegerTensor weights, Value input) {
    GraphBuilder builder = new GraphBuilder("one");
    Value x = builder.input(input.name(), input.type());
    Value w = builder.constant("w", weights, HERE);
    Value sum =
        builder.add("conv", new IntegerConv2d(Window.of(1, 1), Layout.NCHW, 1, 0), HERE, x, w);
    Requantization end = new ScaleThenRound(0.001f, 0, -128, 127);
    builder.output(builder.add("end", new Requantize(List.of(end), 1, INT8), HERE, sum));
    Graph graph = builder.build();
    Node convolution =
        graph.nodes().stream()
            .filter(n -> n.op() instanceof IntegerConv2d)
            .findFirst()
            .orElseThrow();
    assertTrue(graph.nodes().get(0).op() instanceof Constant);
    return new LayerPlan(graph, Map.of(graph.nodes().get(0).output(), weights), Optional.empty())
        .of(convolution);
  }

  @Example
  void float32IsUsedUpToTwoToThe24() {
    IntegerTensor image = new RandomTensors(1).integers(new IntegerType(16, true), 1, 1, 2, 2);
    Value x = new Value("x", image.type());
    IntegerType wide = new IntegerType(16, true);
    // Inputs down to -2^15: the largest product is 2^24 with a weight of 512, and more with 513.
    IntegerTensor fits = IntegerTensor.of(wide, Shape.of(1, 1, 1, 1), 512);
    IntegerTensor exceeds = IntegerTensor.of(wide, Shape.of(1, 1, 1, 1), 513);
    assertInstanceOf(ConvolutionLayer.class, choice(fits, x).layer());
    assertFalse(choice(exceeds, x).layer() instanceof ConvolutionLayer);
  }
}
