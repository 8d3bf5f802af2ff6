// SPDX-License-Identifier: Apache-2.0
package dev.etch.exact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.Location;
import dev.etch.graph.Graph;
import dev.etch.graph.GraphBuilder;
import dev.etch.graph.Value;
import dev.etch.op.BatchToSpace;
import dev.etch.op.IntegerConv2d;
import dev.etch.op.IntegerDense;
import dev.etch.op.InterpolatedSoftmax;
import dev.etch.op.Layout;
import dev.etch.op.Op;
import dev.etch.op.Requantize;
import dev.etch.op.SpaceToBatch;
import dev.etch.op.Window;
import dev.etch.op.requantization.QuantizedMultiplier;
import dev.etch.op.requantization.ScaleThenRound;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.TensorType;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class RangeAnalysisTest {
  private static final Location HERE = Location.node("model.onnx", "layer", "Conv");

  @Test
  void aDenseLayerByHand() {
    Graph graph = dense(IntegerType.UINT8, 10, 7, 1, -2);
    Value sum = graph.outputs().get(0);
    DiagnosticCollector diagnostics = new DiagnosticCollector();
    Ranges ranges = RangeAnalysis.analyze(graph, diagnostics);
    assertFalse(diagnostics.hasErrors());
    ChannelRange channel = ranges.channels(sum).get(0);
    assertEquals(new Interval(-510, 255), channel.partial());
    assertEquals(new Interval(-510, 255), channel.raw());
    assertEquals(7 - 10 * (1 - 2), channel.constant());
    assertEquals(new Interval(-510 + 17, 255 + 17), ranges.of(sum));
    assertEquals(new IntegerType(10, true), ranges.accumulatorType(sum));
  }

  @Test
  void anOverflowNamesTheNodeAndTheRange() {
    Graph graph = dense(IntegerType.INT8, 0, Integer.MAX_VALUE, 1, 1);
    DiagnosticCollector diagnostics = new DiagnosticCollector();
    RangeAnalysis.analyze(graph, diagnostics);
    assertTrue(diagnostics.hasErrors());
    String message = diagnostics.diagnostics().get(0).toString();
    assertTrue(message.startsWith("model.onnx: node 'layer' (Conv): error:"), message);
    assertTrue(message.contains("[2147483391, 2147483901]"), message);
  }

  /** Whether hardware can compute them is asked later. */
  @Test
  void integerOperatorsOfTheHostHaveRangesToo() {
    GraphBuilder builder = new GraphBuilder("host");
    Value x =
        builder.constant("x", IntegerTensor.of(IntegerType.INT8, Shape.of(1, 3), 7, 8, 9), HERE);
    Op toBatch = new SpaceToBatch(List.of(2), List.of(1), List.of(0), -5);
    Value batch = builder.add("batch", toBatch, HERE, x);
    Value space =
        builder.add("space", new BatchToSpace(List.of(2), List.of(1), List.of(0)), HERE, batch);
    Op exponents = new InterpolatedSoftmax(QuantizedMultiplier.ONE);
    Value softmax = builder.add("softmax", exponents, HERE, space);
    builder.output(softmax);
    Ranges ranges = RangeAnalysis.analyze(builder.build(), new DiagnosticCollector());
    assertEquals(new Interval(-5, 9), ranges.of(batch));
    assertEquals(new Interval(-5, 9), ranges.of(space));
    assertEquals(Interval.of(new IntegerType(16, true)), ranges.of(softmax));
  }

  @Property(tries = 50)
  void everySumOfAConvolutionLiesInItsRange(@ForAll long seed) {
    Random random = new Random(seed);
    GraphBuilder builder = new GraphBuilder("conv");
    int zeroPoint = random.nextInt(256) - 128;
    Value x = builder.input("x", new TensorType(IntegerType.INT8, Shape.of(1, 2, 5, 5)));
    Value w = builder.constant("w", random(random, IntegerType.INT8, Shape.of(3, 2, 3, 3)), HERE);
    Value bias =
        builder.constant("b", IntegerTensor.of(IntegerType.INT32, Shape.of(3), 5, -70, 900), HERE);
    Window window = new Window(3, 3, 1, 1, 1, 1, 1, 0, 0, 1);
    IntegerConv2d op = new IntegerConv2d(window, Layout.NCHW, 1, zeroPoint);
    Value y = builder.add("y", op, HERE, x, w, bias);
    Value q =
        builder.add(
            "q",
            new Requantize(List.of(new ScaleThenRound(.01f, 3, -128, 127)), 1, IntegerType.INT8),
            HERE,
            y);
    builder.output(q);
    Graph graph = builder.build();
    Ranges ranges = RangeAnalysis.analyze(graph, new DiagnosticCollector());
    IntegerTensor input = random(random, IntegerType.INT8, Shape.of(1, 2, 5, 5));
    int[] sums =
        ((IntegerTensor)
                op.evaluate(
                        List.of(
                            input,
                            graph.constant(w).orElseThrow().decode(),
                            graph.constant(bias).orElseThrow().decode()))
                    .get(0))
            .data();
    int plane = sums.length / 3;
    for (int i = 0; i < sums.length; i++) {
      Interval total = ranges.channels(y).get(i / plane).total();
      assertTrue(total.low() <= sums[i] && sums[i] <= total.high(), sums[i] + " in " + total);
      assertTrue(ranges.of(y).contains(total));
    }
    assertEquals(3, ranges.problems(graph.producer(q).orElseThrow()).size());
    assertTrue(ranges.of(q).low() >= -128 && ranges.of(q).high() <= 127);
  }

  private static Graph dense(IntegerType input, int zeroPoint, int bias, int... weights) {
    GraphBuilder builder = new GraphBuilder("dense");
    Value x = builder.input("x", new TensorType(input, Shape.of(1, weights.length)));
    Value w =
        builder.constant(
            "w", IntegerTensor.of(IntegerType.INT8, Shape.of(1, weights.length), weights), HERE);
    Value b = builder.constant("b", IntegerTensor.of(IntegerType.INT32, Shape.of(1), bias), HERE);
    builder.output(builder.add("y", new IntegerDense(zeroPoint), HERE, x, w, b));
    return builder.build();
  }

  private static IntegerTensor random(Random random, IntegerType type, Shape shape) {
    int[] data =
        random.ints(shape.elements(), (int) type.minimum(), (int) type.maximum() + 1).toArray();
    return IntegerTensor.of(type, shape, data);
  }
}
