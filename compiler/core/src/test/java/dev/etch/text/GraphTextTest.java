// SPDX-License-Identifier: Apache-2.0
package dev.etch.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import dev.etch.graph.Graph;
import dev.etch.graph.GraphBuilder;
import dev.etch.graph.Value;
import dev.etch.op.Clip;
import dev.etch.op.Constant;
import dev.etch.op.IntegerConv2d;
import dev.etch.op.Layout;
import dev.etch.op.Requantize;
import dev.etch.op.Window;
import dev.etch.op.requantization.Requantization;
import dev.etch.op.requantization.ScaleThenRound;
import dev.etch.tensor.ClusteredWeights;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.FloatType;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.SparseWeights;
import dev.etch.tensor.TensorType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GraphTextTest {
  private static final Location NOWHERE = Location.file("test");

  @Test
  void printsTheGoldenText() throws IOException {
    assertEquals(golden("convolution.etch"), GraphPrinter.print(convolution()));
  }

  @Test
  void readsBackWhatItPrinted() {
    for (Graph graph : List.of(convolution(), everyFormOfConstant())) {
      String text = GraphPrinter.print(graph);
      assertEquals(text, GraphPrinter.print(GraphParser.parse("test.etch", text)));
    }
  }

  @Test
  void hostileNamesSurvive() {
    GraphBuilder builder = new GraphBuilder("a \"quoted\"\nname; rm -rf \\ \u0001");
    Value x = builder.input("x\"; rm -rf /", new TensorType(FloatType.FLOAT32, Shape.of(1)));
    builder.output(builder.add("module\tendmodule", new Clip(0, 6), NOWHERE, x));
    String text = GraphPrinter.print(builder.build());
    Graph read = GraphParser.parse("test.etch", text);
    assertEquals("x\"; rm -rf /", read.inputs().get(0).name());
    assertEquals("module\tendmodule", read.nodes().get(0).name());
    assertEquals(builder.build().name(), read.name());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "output %y | 3:8 | value %y is not defined above",
        "%y = relux(%x) : float32[1] | 3:6 | no operator relux",
        "%y = relu(%x) {slope = 1} : float32[1] | 3:16 | no attribute named slope",
        "%y = clip(%x) {minimum = 0} : float32[1] | 3:6 | attribute maximum is missing",
        "%y = clip(%x) {minimum = a, maximum = 1} : float32[1] | 3:26 | not a valid float",
        "%y = relu(%x) : float32[2] | 3:6 | the result is float32[1]",
        "%y = relu(%x) : float31[2] | 3:17 | not a type",
        "%x = relu(%x) : float32[1] | 3:1 | value %x is defined twice",
        "%y = relu(%x : float32[1] | 3:14 | ",
        "%y = reshape(%x) {shape = 3} : float32[1] | 3:27 | a list in brackets expected",
      })
  void errorsAreLocated(String line, String place, String message) {
    String text = "graph \"g\"\ninput %x : float32[1]\n" + line + "\n";
    String error =
        assertThrows(DiagnosticException.class, () -> GraphParser.parse("g.etch", text))
            .getMessage();
    assertTrue(error.startsWith("g.etch:" + place + ": error: "), error);
    assertTrue(message == null || error.contains(message), error);
    assertTrue(error.contains("^"), error);
  }

  private static Graph convolution() {
    GraphBuilder builder = new GraphBuilder("small");
    Value x = builder.input("x", new TensorType(IntegerType.UINT8, Shape.of(1, 1, 4, 4)));
    Value w =
        builder.constant(
            "w", IntegerTensor.of(IntegerType.INT8, Shape.of(2, 1, 1, 2), 1, -2, 0, 127), NOWHERE);
    Value sum =
        builder.add(
            "conv/1",
            "conv/1:0",
            new IntegerConv2d(Window.of(1, 2), Layout.NCHW, 1, 3),
            NOWHERE,
            x,
            w);
    Requantization scale = new ScaleThenRound(0.1f, -1, -128, 127);
    builder.output(
        builder.add("scale", new Requantize(List.of(scale), 1, IntegerType.INT8), NOWHERE, sum));
    return builder.build();
  }

  private static Graph everyFormOfConstant() {
    GraphBuilder builder = new GraphBuilder("constants");
    float[] floats = new float[100];
    int[] wide = new int[100];
    int[] narrow = new int[100];
    for (int i = 0; i < 100; i++) {
      floats[i] = (float) Math.sin(i) * Float.MIN_NORMAL;
      wide[i] = (i - 50) * 40_000_000;
      narrow[i] = i - 50;
    }
    builder.constant("floats", FloatTensor.of(Shape.of(100), floats), NOWHERE);
    builder.constant("wide", IntegerTensor.of(IntegerType.INT32, Shape.of(4, 25), wide), NOWHERE);
    builder.constant(
        "narrow", IntegerTensor.of(new IntegerType(7, true), Shape.of(100), narrow), NOWHERE);
    builder.add(
        "sparse",
        new Constant(
            new SparseWeights(
                new TensorType(IntegerType.INT8, Shape.of(2, 3)),
                IntegerTensor.of(IntegerType.INT64, Shape.of(2), 1, 5),
                IntegerTensor.of(IntegerType.INT8, Shape.of(2), -1, 7))),
        NOWHERE);
    builder.add(
        "clustered",
        new Constant(
            new ClusteredWeights(
                FloatTensor.of(Shape.of(3), 0f, -1.5f, 1e-30f),
                IntegerTensor.of(IntegerType.UINT8, Shape.of(2, 2), 0, 1, 2, 1))),
        NOWHERE);
    return builder.build();
  }

  private static String golden(String name) throws IOException {
    try (InputStream in = GraphTextTest.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
