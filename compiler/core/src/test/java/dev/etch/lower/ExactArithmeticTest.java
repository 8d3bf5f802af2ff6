// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import dev.etch.graph.Graph;
import dev.etch.graph.GraphBuilder;
import dev.etch.graph.Node;
import dev.etch.graph.Value;
import dev.etch.op.IntegerDense;
import dev.etch.op.Requantize;
import dev.etch.op.requantization.Requantization;
import dev.etch.op.requantization.ScaleThenRound;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.TensorType;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExactArithmeticTest {
  private static final IntegerType INT14 = new IntegerType(14, true);

  /** float32 rounds accumulators beyond 24 bits, which no multiplication follows. */
  @Test
  void thousandsOfComparatorsAreRefused() {
    GraphBuilder builder = new GraphBuilder("float");
    Value x = builder.input("x", new TensorType(new IntegerType(16, true), Shape.of(1, 4)));
    IntegerTensor data =
        IntegerTensor.of(new IntegerType(15, true), Shape.of(1, 4), 16001, 15999, 16003, 15997);
    Value weights = builder.constant("w", data, Location.file("float"));
    Location place = Location.node("float.onnx", "sum", "QLinearMatMul");
    Value sum = builder.add("sum", "sum", new IntegerDense(0), place, x, weights);
    Requantization rounded = new ScaleThenRound(3.7e-6f, 0, -8192, 8191);
    Value y = builder.add("y", "y", new Requantize(List.of(rounded), 0, INT14), place, sum);
    builder.output(y);
    Graph graph = builder.build();
    Arithmetic arithmetic = ExactArithmetic.analyze(graph, new DiagnosticCollector());
    Node requantize = graph.producers().get(y);
    DiagnosticException refused =
        assertThrows(DiagnosticException.class, () -> arithmetic.requantizer(requantize));
    assertTrue(refused.getMessage().contains("comparators"), refused.getMessage());
    assertTrue(refused.getMessage().contains("'sum'"), refused.getMessage());
  }
}
