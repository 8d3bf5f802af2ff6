// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.Location;
import dev.etch.graph.GraphBuilder;
import dev.etch.graph.PartitionedModel;
import dev.etch.graph.Value;
import dev.etch.hardware.OutputPort;
import dev.etch.hardware.Target;
import dev.etch.op.ArgMax;
import dev.etch.op.IntegerDense;
import dev.etch.op.Requantize;
import dev.etch.op.requantization.ScaleThenRound;
import dev.etch.optimize.StandardPasses;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.TensorType;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConstantIndexTest {
  private static final Location NOWHERE = Location.file("index");

  private static Value dense(GraphBuilder graph, String name, Value input, int... weights) {
    TensorType type = new TensorType(IntegerType.INT8, Shape.of(weights.length / 4, 4));
    Value w = graph.constant(name + "_w", new IntegerTensor(type, weights), NOWHERE);
    Value sum = graph.add(name + "_sum", new IntegerDense(0), NOWHERE, input, w);
    Requantize requantize =
        new Requantize(List.of(new ScaleThenRound(0.1f, 0, -128, 127)), 1, IntegerType.INT8);
    return graph.add(name, requantize, NOWHERE, sum);
  }

  /** An index that weights of 0 decide is a constant of 64 bits in the graph, and of 1 outside. */
  @Test
  void constantIndicesTravelAsNarrowAsTheyAre() {
    GraphBuilder graph = new GraphBuilder("index");
    Value x = graph.input("x", new TensorType(IntegerType.INT8, Shape.of(1, 4)));
    graph.output(dense(graph, "scores", x, 1, 2, 3, 4, 5, 6, 7, 8));
    Value zero = dense(graph, "zero", x, 0, 0, 0, 0, 0, 0, 0, 0);
    graph.output(graph.add("index", new ArgMax(1, true, false), NOWHERE, zero));
    PartitionedModel model = StandardPasses.prepare(graph.build(), new DiagnosticCollector());
    ScheduledDesign design =
        Scheduler.schedule(
            model, Mapping.of(Target.GENERIC, Optional.empty()), new DiagnosticCollector());
    List<Integer> bits =
        design.lowered().design().outputs().stream()
            .map(OutputPort::stream)
            .map(stream -> stream.type().element().bits())
            .toList();
    assertEquals(List.of(8, 1), bits);
  }
}
