// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.Location;
import dev.etch.graph.Graph;
import dev.etch.graph.GraphBuilder;
import dev.etch.graph.Value;
import dev.etch.op.IntegerMultiply;
import dev.etch.op.QuantizedAdd;
import dev.etch.op.requantization.ExactSum;
import dev.etch.op.requantization.SumRequantization;
import dev.etch.reference.Interpreter;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.TensorType;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StreamConstantOperandsTest {
  private static final Location NOWHERE = Location.file("test");
  private static final IntegerType INT16 = new IntegerType(16, true);

  private static final List<Shape> CONSTANTS =
      List.of(
          Shape.of(),
          Shape.of(1),
          Shape.of(5),
          Shape.of(4, 1),
          Shape.of(3, 1, 1),
          Shape.of(3, 4, 1),
          Shape.of(1, 3, 4, 5),
          Shape.of(3, 1, 5));

  @Test
  void valuesAreKept() {
    Random random = new Random(1);
    for (Shape constant : CONSTANTS) {
      for (int kind = 0; kind < 4; kind++) {
        Graph graph = graph(random, constant, kind % 2 == 0, kind < 2);
        Graph streams = new StreamConstantOperands().run(graph, new DiagnosticCollector());
        assertTrue(streams.nodes().size() > graph.nodes().size());
        IntegerTensor x = integers(random, Shape.of(1, 3, 4, 5));
        assertEquals(
            new Interpreter(graph).run(List.of(x)), new Interpreter(streams).run(List.of(x)));
      }
    }
  }

  private static Graph graph(Random random, Shape constant, boolean left, boolean sum) {
    GraphBuilder builder = new GraphBuilder("constant");
    Value x = builder.input("x", new TensorType(INT16, Shape.of(1, 3, 4, 5)));
    Value c = builder.constant("c", integers(random, constant), NOWHERE);
    SumRequantization exact = new ExactSum(1, 0, 1, 0, 1, 0, 0, -32768, 32767);
    builder.output(
        builder.add(
            "y",
            sum ? new QuantizedAdd(exact, INT16) : new IntegerMultiply(5, -7),
            NOWHERE,
            left ? c : x,
            left ? x : c));
    return builder.build();
  }

  private static IntegerTensor integers(Random random, Shape shape) {
    return new IntegerTensor(
        new TensorType(INT16, shape), random.ints(shape.elements(), -30000, 30000).toArray());
  }
}
