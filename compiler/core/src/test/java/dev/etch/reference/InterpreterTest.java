// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import dev.etch.graph.Graph;
import dev.etch.graph.GraphBuilder;
import dev.etch.graph.Value;
import dev.etch.op.IntegerDense;
import dev.etch.op.Requantize;
import dev.etch.op.Reshape;
import dev.etch.op.requantization.Requantization;
import dev.etch.op.requantization.ScaleThenRound;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class InterpreterTest {
  private static final TensorType PAIR = new TensorType(IntegerType.INT8, Shape.of(1, 2));
  private static final Location HERE = Location.node("model.onnx", "fc", "Gemm");

  /** y = clamp((2 a - 3 b + 10) / 2). */
  private static Graph graph() {
    GraphBuilder builder = new GraphBuilder("small");
    Value x = builder.input("x", PAIR);
    Value w =
        builder.constant("w", IntegerTensor.of(IntegerType.INT8, Shape.of(1, 2), 2, -3), HERE);
    Value b = builder.constant("b", IntegerTensor.of(IntegerType.INT32, Shape.of(1), 10), HERE);
    Value sum = builder.add("fc", new IntegerDense(0), HERE, x, w, b);
    Requantization half = new ScaleThenRound(0.5f, 0, -128, 127);
    Value y =
        builder.add("fc_requantize", new Requantize(List.of(half), 1, IntegerType.INT8), HERE, sum);
    builder.output(builder.add("flat", new Reshape(List.of(1)), HERE, y));
    return builder.build();
  }

  private static Tensor pair(int a, int b) {
    return IntegerTensor.of(IntegerType.INT8, Shape.of(1, 2), a, b);
  }

  private static Tensor result(int y) {
    return IntegerTensor.of(IntegerType.INT8, Shape.of(1), y);
  }

  @Test
  void runsAGraph() {
    Interpreter interpreter = new Interpreter(graph());
    // (2 * 7 - 3 * 3 + 10) / 2 = 7.5, a tie that goes to the even 8.
    assertEquals(List.of(result(8)), interpreter.run(List.of(pair(7, 3))));
    assertEquals(List.of(result(127)), interpreter.run(List.of(pair(127, -128))));
  }

  @Test
  void runAllShowsEveryValue() {
    Map<Value, Tensor> all = new Interpreter(graph()).runAll(List.of(pair(7, 3)));
    List<String> names = all.keySet().stream().map(Value::name).toList();
    assertEquals(List.of("x", "w", "b", "fc", "fc_requantize", "flat"), names);
    assertEquals(
        IntegerTensor.of(IntegerType.INT32, Shape.of(1, 1), 15),
        new ArrayList<>(all.values()).get(3));
  }

  @Test
  void wrongInputTypeIsRefused() {
    Interpreter interpreter = new Interpreter(graph());
    assertThrows(IllegalArgumentException.class, () -> interpreter.run(List.of(result(1))));
  }

  @Test
  void overflowNamesTheNode() {
    GraphBuilder builder = new GraphBuilder("overflow");
    Value x = builder.input("x", PAIR);
    Value w =
        builder.constant("w", IntegerTensor.of(IntegerType.INT8, Shape.of(1, 2), 127, 127), HERE);
    Value b =
        builder.constant(
            "b", IntegerTensor.of(IntegerType.INT32, Shape.of(1), Integer.MAX_VALUE - 5), HERE);
    builder.output(builder.add("fc", new IntegerDense(0), HERE, x, w, b));
    Interpreter interpreter = new Interpreter(builder.build());
    DiagnosticException thrown =
        assertThrows(DiagnosticException.class, () -> interpreter.run(List.of(pair(1, 1))));
    assertTrue(thrown.getMessage().contains("node 'fc' (Gemm)"), thrown.getMessage());
    assertEquals(
        Integer.MAX_VALUE - 5,
        ((IntegerTensor) interpreter.run(List.of(pair(1, -1))).get(0)).data()[0]);
  }

  @Test
  void batchKeepsTheOrderOfFrames() {
    Interpreter interpreter = new Interpreter(graph());
    List<List<Tensor>> frames = new ArrayList<>();
    List<List<Tensor>> expected = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      frames.add(List.of(pair(i % 251 - 125, i % 83 - 41)));
      expected.add(interpreter.run(frames.get(i)));
    }
    AtomicInteger last = new AtomicInteger();
    List<List<Tensor>> results =
        new BatchRunner(interpreter, 4)
            .run(frames, done -> assertTrue(last.getAndSet(done) < done, "progress goes back"));
    assertEquals(expected, results);
    assertEquals(1000, last.get());
  }

  @Test
  void batchReportsTheFailureOfAFrame() {
    BatchRunner runner = new BatchRunner(new Interpreter(graph()), 2);
    assertThrows(
        IllegalArgumentException.class, () -> runner.run(List.of(List.of(result(1))), done -> {}));
  }
}
