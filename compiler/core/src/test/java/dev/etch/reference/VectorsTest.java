// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.Location;
import dev.etch.graph.Graph;
import dev.etch.graph.GraphBuilder;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.IntegerConv2d;
import dev.etch.op.Layout;
import dev.etch.op.Quantization;
import dev.etch.op.Quantize;
import dev.etch.op.QuantizedAdd;
import dev.etch.op.Requantize;
import dev.etch.op.Window;
import dev.etch.op.requantization.FixedPoint;
import dev.etch.op.requantization.FixedPointSum;
import dev.etch.op.requantization.QuantizedMultiplier;
import dev.etch.op.requantization.Requantization;
import dev.etch.op.requantization.ScaleThenRound;
import dev.etch.op.requantization.SumRequantization;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * The loops on vectors equal the definitions; {@link LayerPropertyTest} has more of their layers.
 */
class VectorsTest {
  private static final Location HERE = Location.file("test");
  private static final IntegerType INT8 = IntegerType.INT8;

  private final Vectors vectors = Vectors.available().orElseThrow();

  private Optional<Layer> layer(Graph graph, Map<Value, Tensor> constants, Node node) {
    return Optional.of(new LayerPlan(graph, constants, Optional.of(vectors)).of(node).layer());
  }

  /** Runs the staircase on numbers around its steps and at its limits. */
  private void checkStaircase(RandomTensors random, Requantization staircase, long bound) {
    float[] values = new float[vectors.padded(200)];
    for (int i = 0; i < 200; i++) {
      long spread = i % 2 == 0 ? bound : Math.min(bound, Math.round(300 / staircase.ratio()));
      values[i] = random.between((int) -spread, (int) spread);
    }
    values[0] = bound;
    values[1] = -bound;
    values[2] = 0;
    float[] results = values.clone();
    FloatStaircase.of(staircase, bound, Optional.of(vectors)).apply(results, 0, 200);
    for (int i = 0; i < 200; i++) {
      float value = values[i];
      assertEquals(
          staircase.apply((long) value), (int) results[i], () -> staircase + " of " + value);
    }
  }

  @Property(tries = 500)
  void fixedPoint(@ForAll long seed) {
    RandomTensors random = new RandomTensors(seed);
    QuantizedMultiplier multiplier =
        new QuantizedMultiplier(
            random.between(0, 3) == 0
                ? Integer.MAX_VALUE - random.between(0, 5)
                : random.between(1 << 30, Integer.MAX_VALUE),
            -random.between(0, 20));
    int low = random.between(-128, 0);
    Requantization staircase = new FixedPoint(0, multiplier, random.value(INT8), low, 127);
    long bound = random.between(0, 1) == 0 ? Planes.EXACT : Vectors.LARGEST_FIXED_POINT;
    checkStaircase(random, staircase, bound);
  }

  @Property(tries = 300)
  void scaleThenRound(@ForAll long seed) {
    RandomTensors random = new RandomTensors(seed);
    float scale = random.scale(random.between(0, 1) == 0 ? 0.2 : 0.001);
    int low = random.between(-128, 0);
    Requantization staircase = new ScaleThenRound(scale, random.value(INT8), low, 127);
    checkStaircase(random, staircase, Planes.EXACT);
    // Halves: every second value is a tie.
    checkStaircase(random, new ScaleThenRound(0.5f, 3, -128, 127), 1000);
  }

  @Property(tries = 100)
  void quantize(@ForAll long seed) {
    RandomTensors random = new RandomTensors(seed);
    float scale = random.scale(0.1);
    IntegerType type = random.between(0, 1) == 0 ? INT8 : IntegerType.UINT8;
    Quantize op = new Quantize(Quantization.perTensor(type, scale, random.value(type)));
    float[] data = new float[vectors.lanes() + random.between(0, 40)];
    for (int i = 0; i < data.length; i++) {
      data[i] = random.between(-600, 600) * scale / 2;
    }
    float[] special = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, -0f, 1e30f};
    System.arraycopy(special, 0, data, random.between(0, data.length - 5), 5);
    FloatTensor x = FloatTensor.of(Shape.of(data.length), data);
    GraphBuilder builder = new GraphBuilder("quantize");
    builder.output(builder.add("q", op, HERE, builder.input("x", x.type())));
    Graph graph = builder.build();
    assertInstanceOf(QuantizeLayer.class, layer(graph, Map.of(), graph.nodes().get(0)).get());
    Interpreter interpreter = new Interpreter(graph, Optional.of(vectors), new WarmUp(0));
    assertEquals(op.evaluate(List.of(x)), interpreter.run(List.of(x)));
  }

  @Property(tries = 200)
  void stridedRows(@ForAll long seed) {
    RandomTensors random = new RandomTensors(seed);
    int count = random.between(1, 70);
    int stride = random.between(1, 3);
    int from = random.between(0, 5);
    int first = random.between(0, 5);
    float[] data = new float[from + count * stride + random.between(0, 40)];
    for (int i = 0; i < data.length; i++) {
      data[i] = i;
    }
    float[] expected = new float[first + count];
    TapReader.copyRow(data, from, stride, expected, first, count);
    float[] rows = new float[first + count + random.between(0, 40)];
    vectors.copyRow(data, from, stride, rows, first, count);
    assertTrue(Arrays.equals(expected, Arrays.copyOf(rows, expected.length)));
  }

  /** TFLite's sum has its own layer, and one of 16 bits none. */
  @Example
  void sumsFromTables() {
    SumRequantization sum =
        new FixedPointSum(
            3,
            QuantizedMultiplier.of(0.4),
            4,
            QuantizedMultiplier.of(0.5),
            false,
            20,
            QuantizedMultiplier.of(2e-6),
            5,
            -128,
            127);
    for (IntegerType type : List.of(INT8, new IntegerType(16, true))) {
      GraphBuilder builder = new GraphBuilder("sum");
      Value x = builder.input("x", new TensorType(type, Shape.of(1, 2, 3, 4)));
      builder.output(builder.add("add", new QuantizedAdd(sum, INT8), HERE, x, x));
      Graph graph = builder.build();
      Layer layer = layer(graph, Map.of(), graph.nodes().get(0)).get();
      assertEquals(type == INT8, layer instanceof SumTableLayer);
    }
  }

  private static Graph convolution(Window window, IntegerTensor x, IntegerTensor w, int[] bias) {
    GraphBuilder builder = new GraphBuilder("convolution");
    Value input = builder.input("x", x.type());
    int groups = x.shape().dimension(1) / w.shape().dimension(1);
    IntegerTensor b = IntegerTensor.of(IntegerType.INT32, Shape.of(bias.length), bias);
    Value sum =
        builder.add(
            "conv",
            new IntegerConv2d(window, Layout.NCHW, groups, -7),
            HERE,
            input,
            builder.constant("w", w, HERE),
            builder.constant("b", b, HERE));
    Requantization end = new ScaleThenRound(0.0007f, 3, -128, 127);
    Requantize requantize = new Requantize(Collections.nCopies(bias.length, end), 1, INT8);
    builder.output(builder.add("end", requantize, HERE, sum));
    return builder.build();
  }

  private void check(Graph graph, Tensor x) {
    Interpreter interpreter = new Interpreter(graph, Optional.of(vectors), new WarmUp(0));
    assertEquals(LayerPropertyTest.define(graph, List.of(x)), interpreter.run(List.of(x)));
  }

  /** Maps of several pieces, and of every number of vectors. */
  @Property(tries = 20)
  void largeMaps(@ForAll long seed) {
    RandomTensors random = new RandomTensors(seed);
    IntegerTensor x = random.integers(INT8, 1, 2, random.between(30, 50), random.between(1, 70));
    IntegerTensor w = random.integers(INT8, random.between(1, 13), 2, 3, 3);
    int stride = random.between(1, 2);
    Window window = new Window(3, 3, stride, stride, 1, 1, 1, 1, 1, 1);
    check(convolution(window, x, w, new int[w.shape().dimension(0)]), x);
  }

  @Property(tries = 20)
  void depthwise(@ForAll long seed) {
    RandomTensors random = new RandomTensors(seed);
    int channels = random.between(1, 24);
    IntegerTensor x = random.integers(INT8, 1, channels, random.between(3, 20), 20);
    IntegerTensor w = random.integers(INT8, channels * random.between(1, 2), 1, 3, 3);
    Window window = new Window(3, 3, 2, 2, 1, 1, 0, 0, 1, 1);
    check(convolution(window, x, w, new int[w.shape().dimension(0)]), x);
  }

  /** Biases beyond float32, where the staircase has long reached its end, and one where not. */
  @Example
  void outputsThatNoInputChanges() {
    RandomTensors random = new RandomTensors(1);
    IntegerTensor x = random.integers(INT8, 1, 3, 9, 9);
    IntegerTensor w = random.integers(INT8, 4, 3, 1, 1);
    Graph graph = convolution(Window.of(1, 1), x, w, new int[] {1 << 29, 5, -(1 << 30), 9});
    check(graph, x);
    Node node =
        graph.nodes().stream().filter(n -> n.op() instanceof IntegerConv2d).findFirst().get();
    Map<Value, Tensor> constants =
        Map.of(
            node.inputs().get(1),
            w,
            node.inputs().get(2),
            IntegerTensor.of(IntegerType.INT32, Shape.of(4), 1 << 29, 5, -(1 << 30), 9));
    assertInstanceOf(VectorConvolution.class, layer(graph, constants, node).get());
  }

  @Example
  void anInterpreterChangesToVectorsAfterAWhile() {
    RandomTensors random = new RandomTensors(2);
    IntegerTensor x = random.integers(INT8, 1, 3, 9, 9);
    Graph graph = convolution(Window.of(3, 3), x, random.integers(INT8, 4, 3, 3, 3), new int[4]);
    Interpreter interpreter = new Interpreter(graph, Optional.of(vectors), new WarmUp(1));
    List<Tensor> expected = LayerPropertyTest.define(graph, List.of(x));
    for (int i = 0; i < 3; i++) {
      assertEquals(expected, interpreter.run(List.of(x)));
    }
    assertTrue(interpreter.usesVectors());
  }
}
