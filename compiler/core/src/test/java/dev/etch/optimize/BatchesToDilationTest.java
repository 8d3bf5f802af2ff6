// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize;

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
import dev.etch.op.Layout;
import dev.etch.op.Requantize;
import dev.etch.op.SpaceToBatch;
import dev.etch.op.Window;
import dev.etch.op.requantization.Requantization;
import dev.etch.op.requantization.ScaleThenRound;
import dev.etch.reference.Interpreter;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.TensorType;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BatchesToDilationTest {
  private static final Location NOWHERE = Location.file("test");
  private static final int GRAPHS = 100;

  /** Random blocks, paddings, windows and crops. */
  @Test
  void valuesAreKept() {
    for (int seed = 0; seed < GRAPHS; seed++) {
      Random random = new Random(seed);
      Graph graph = graph(random, 1);
      Graph dilated = new BatchesToDilation().run(graph, new DiagnosticCollector());
      Graph rest = new EliminateDeadCode().run(dilated, new DiagnosticCollector());
      assertFalse(hasBatches(rest), "seed " + seed);
      IntegerTensor x = integers(random, graph.inputs().get(0).type());
      assertEquals(new Interpreter(graph).run(List.of(x)), new Interpreter(rest).run(List.of(x)));
    }
  }

  @Test
  void stridesStay() {
    Graph graph = graph(new Random(0), 2);
    assertTrue(hasBatches(new BatchesToDilation().run(graph, new DiagnosticCollector())));
  }

  private static boolean hasBatches(Graph graph) {
    return graph.nodes().stream()
        .anyMatch(n -> n.op() instanceof SpaceToBatch || n.op() instanceof BatchToSpace);
  }

  private static Graph graph(Random random, int stride) {
    List<Integer> blocks = List.of(1 + random.nextInt(3), 1 + random.nextInt(3));
    List<Integer> margins = List.of(random.nextInt(2), random.nextInt(2));
    int rows = blocks.get(0) * (3 + random.nextInt(2)) - margins.get(0);
    int columns = blocks.get(1) * (3 + random.nextInt(2)) - margins.get(1);
    int zeroPoint = random.nextInt(256) - 128;
    GraphBuilder builder = new GraphBuilder("batches");
    Value x = builder.input("x", new TensorType(IntegerType.INT8, Shape.of(1, rows, columns, 2)));
    Value batch =
        builder.add("cut", new SpaceToBatch(blocks, margins, List.of(0, 0), zeroPoint), NOWHERE, x);
    Window window =
        new Window(
            1 + random.nextInt(3),
            1 + random.nextInt(3),
            stride,
            stride,
            1,
            1,
            random.nextInt(2),
            random.nextInt(2),
            random.nextInt(2),
            random.nextInt(2));
    Value weights =
        builder.constant(
            "weights",
            integers(
                random,
                new TensorType(
                    IntegerType.INT8, Shape.of(3, 2, window.kernelHeight(), window.kernelWidth()))),
            NOWHERE);
    Value sums =
        builder.add(
            "conv", new IntegerConv2d(window, Layout.NHWC, 1, zeroPoint), NOWHERE, batch, weights);
    Requantization step = new ScaleThenRound(0.001f, 3, -128, 127);
    Value y =
        builder.add("step", new Requantize(List.of(step), 0, IntegerType.INT8), NOWHERE, sums);
    builder.output(
        builder.add("joined", new BatchToSpace(blocks, margins, List.of(0, 0)), NOWHERE, y));
    return builder.build();
  }

  private static IntegerTensor integers(Random random, TensorType type) {
    return new IntegerTensor(type, random.ints(type.shape().elements(), -128, 128).toArray());
  }
}
