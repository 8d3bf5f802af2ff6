// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx;

import static dev.etch.importer.onnx.TestModel.FLOAT;
import static dev.etch.importer.onnx.TestModel.FLOAT16;
import static dev.etch.importer.onnx.TestModel.INT4;
import static dev.etch.importer.onnx.TestModel.INT8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.Diagnostic;
import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.op.Constant;
import dev.etch.op.Conv2d;
import dev.etch.op.Dequantize;
import dev.etch.op.Op;
import dev.etch.op.Requantization;
import dev.etch.op.Requantize;
import dev.etch.reference.Interpreter;
import dev.etch.tensor.ClusteredWeights;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.SparseWeights;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.Weights;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What models become, and what is said about models that are wrong. */
class OnnxImporterTest {
  @TempDir private Path folder;

  private Graph read(TestModel model) throws IOException {
    return OnnxImporter.read(model.write(folder), new DiagnosticCollector());
  }

  private List<Diagnostic> refused(TestModel model) throws IOException {
    Path file = model.write(folder);
    return assertThrows(
            DiagnosticException.class, () -> OnnxImporter.read(file, new DiagnosticCollector()))
        .diagnostics();
  }

  private void assertRefused(String message, TestModel model) throws IOException {
    List<Diagnostic> diagnostics = refused(model);
    assertEquals(1, diagnostics.size(), diagnostics::toString);
    String text = diagnostics.get(0).toString();
    assertTrue(text.contains(message), text);
  }

  private static <T extends Op> T only(Graph graph, Class<T> kind) {
    List<Node> nodes = graph.nodes().stream().filter(n -> kind.isInstance(n.op())).toList();
    assertEquals(1, nodes.size(), () -> graph.nodes().toString());
    return kind.cast(nodes.get(0).op());
  }

  private static float[] run(Graph graph, float... x) {
    Tensor input = FloatTensor.of(graph.inputs().get(0).type().shape(), x);
    return ((FloatTensor) new Interpreter(graph).run(List.of(input)).get(0)).data();
  }

  /** A model of one float node on x. */
  private static TestModel of(String operator, List<String> operands, long... dims) {
    return new TestModel(13).input("x", FLOAT, dims).node(operator, operands, "y").output("y");
  }

  @Test
  void shapeArithmeticFoldsAway() throws IOException {
    Graph graph = read(SampleModels.convolution());
    assertEquals(
        List.of(
            "Constant",
            "Constant",
            "Conv2d",
            "Relu",
            "MaxPool2d",
            "Reshape",
            "Constant",
            "Dense",
            "Softmax"),
        graph.nodes().stream().map(n -> n.op().getClass().getSimpleName()).toList());
    assertEquals(Shape.of(1, 3), graph.outputs().get(0).type().shape());
  }

  @Test
  void codebookStaysClusteredThroughDequantizeAndTranspose() throws IOException {
    Graph graph = read(SampleModels.codebook());
    Weights weights = only(graph, Constant.class).weights();
    assertInstanceOf(ClusteredWeights.class, weights);
    assertEquals(Shape.of(2, 4), weights.type().shape());
    // x is exact at scale 0.5: [1, -2, 0.5, 3]; rows [-7 0 9 0] * 0.25 and [0 -7 9 9] * 0.125.
    assertArrayEquals(
        new float[] {(-7 + 4.5f) * 0.25f, (14 + 4.5f + 27) * 0.125f}, run(graph, 1, -2, 0.5f, 3));
  }

  @Test
  void asymmetricWeightsGetTheBitThatTheyNeed() throws IOException {
    Graph graph = read(SampleModels.quantizedConvolution());
    IntegerTensor weights = (IntegerTensor) only(graph, Constant.class).weights().decode();
    assertEquals(new IntegerType(9, true), weights.type().element());
    assertArrayEquals(new int[] {-100, 0, 100, 155}, weights.data());
    assertEquals(
        List.of(new Requantization.ScaleThenRound(0.5f, 3, 0, 255)),
        only(graph, Requantize.class).channels());
  }

  @Test
  void sparseWeightsAreSortedAndStaySparse() throws IOException {
    Graph graph = read(SampleModels.sparse());
    assertInstanceOf(SparseWeights.class, only(graph, Constant.class).weights());
    assertArrayEquals(new float[] {14, 20}, run(graph, 2, 3, 4));
  }

  @Test
  void sparsePositionsOutOfRangeOrTwiceAreRefused() throws IOException {
    for (long[] positions : List.of(new long[] {0, 6}, new long[] {4, 4}, new long[] {-1, 2})) {
      TestModel model =
          new TestModel(13)
              .input("x", FLOAT, 1, 3)
              .sparse(
                  TestModel.floatTensor("w", List.of(2L), 5, 7),
                  TestModel.longTensor("", List.of(2L), positions),
                  3,
                  2)
              .node("MatMul", List.of("x", "w"), "y")
              .output("y");
      assertRefused("sparse", model);
    }
  }

  @Test
  void externalDataIsReadBesideTheModelOnly() throws IOException {
    ByteBuffer data = ByteBuffer.allocate(20).order(ByteOrder.LITTLE_ENDIAN);
    data.putFloat(9).putFloat(1).putFloat(2).putFloat(3).putFloat(4);
    Path model = Files.createDirectories(folder.resolve("inner"));
    Files.write(model.resolve("w.bin"), data.array());
    Files.write(folder.resolve("secret.bin"), data.array());
    Files.createSymbolicLink(model.resolve("link.bin"), folder.resolve("secret.bin"));
    Files.createSymbolicLink(model.resolve("up"), folder);
    Path good = SampleModels.external("w.bin").write(model);
    assertArrayEquals(
        new float[] {7, 10}, run(OnnxImporter.read(good, new DiagnosticCollector()), 1, 2));
    for (String bad :
        List.of(
            "../secret.bin",
            "x/../../secret.bin",
            folder.resolve("secret.bin").toString(),
            "link.bin",
            "up/secret.bin",
            "..\\secret.bin",
            "",
            ".",
            "absent.bin",
            "w.bin\0")) {
      Path file = SampleModels.external(bad).write(model);
      assertThrows(
          DiagnosticException.class, () -> OnnxImporter.read(file, new DiagnosticCollector()), bad);
    }
  }

  @Test
  void externalDataIsCheckedAgainstTheFile() throws IOException {
    Files.write(folder.resolve("w.bin"), new byte[19]);
    assertRefused("19 bytes", SampleModels.external("w.bin"));
    for (String[] place :
        List.of(
            new String[] {"offset", "-4"},
            new String[] {"offset", "9223372036854775807"},
            new String[] {"length", "9223372036854775807"},
            new String[] {"length", "x"})) {
      assertRefused(
          "external data",
          new TestModel(13)
              .input("x", FLOAT, 1, 2)
              .external("w", List.of(2L, 2L), "location", "w.bin", place[0], place[1])
              .node("MatMul", List.of("x", "w"), "y")
              .output("y"));
    }
  }

  @Test
  void allProblemsAreReportedAndNoneTwice() throws IOException {
    TestModel model =
        new TestModel(13)
            .input("x", FLOAT, 1, 4)
            .node("Sigmoid", List.of("x"), "a")
            .node("Relu", List.of("a"), "b")
            .node("Tanh", List.of("b"), "c")
            .node("Relu", List.of("c"), "d", TestModel.number("slope", 1))
            .node("Elu", List.of("x"), "e")
            .node("my.domain", "Thing", List.of("e"), "f")
            .node("Add", List.of("d", "f"), "y")
            .output("y");
    List<String> messages = refused(model).stream().map(Diagnostic::toString).toList();
    assertEquals(5, messages.size(), messages::toString);
    for (String expected :
        List.of(
            "node 'a_node' (Sigmoid)",
            "node 'c_node' (Tanh)",
            "unknown attribute 'slope'",
            "(Elu)",
            "'Thing' of domain 'my.domain'")) {
      assertTrue(messages.stream().anyMatch(m -> m.contains(expected)), expected);
    }
  }

  @Test
  void openBatchIsOneAndOtherOpenAxesAreRefused() throws IOException {
    assertEquals(
        Shape.of(1, 4), read(of("Relu", List.of("x"), 0, 4)).inputs().get(0).type().shape());
    assertEquals(
        Shape.of(1, 4), read(of("Relu", List.of("x"), -1, 4)).inputs().get(0).type().shape());
    assertRefused("extent of axis 1", of("Relu", List.of("x"), 1, 0));
    assertRefused("too many elements", of("Relu", List.of("x"), 1, Long.MAX_VALUE, 3));
  }

  @Test
  void nodesInAnyOrderAreSortedAndCyclesRefused() throws IOException {
    TestModel backwards =
        new TestModel(13)
            .input("x", FLOAT, 1, 4)
            .node("Relu", List.of("a"), "y")
            .node("Relu", List.of("x"), "a")
            .output("y");
    assertEquals(2, read(backwards).nodes().size());
    TestModel cycle =
        new TestModel(13)
            .input("x", FLOAT, 1, 4)
            .node("Add", List.of("x", "b"), "a")
            .node("Relu", List.of("a"), "b")
            .output("b");
    assertRefused("on a cycle", cycle);
  }

  @Test
  void brokenGraphsAreRefused() throws IOException {
    assertRefused("which nothing defines", of("Add", List.of("x", "ghost"), 1, 4));
    assertRefused("operands", of("Relu", List.of("x", "x"), 1, 4));
    assertRefused("operand 1 is missing", of("Add", List.of("x", ""), 1, 4));
    assertRefused("no output", new TestModel(13).input("x", FLOAT, 1));
    assertRefused("nothing in the graph", of("Relu", List.of("x"), 1, 4).output("z"));
    assertRefused("listed twice", of("Relu", List.of("x"), 1, 4).output("y"));
    assertRefused("defined twice", of("Relu", List.of("x"), 1, 4).input("x", FLOAT, 1, 4));
    assertRefused("defined twice", of("Relu", List.of("x"), 1, 4).node("Relu", List.of("x"), "y"));
    assertRefused(
        "no input",
        new TestModel(13).floats("x", List.of(1L), 1).node("Relu", List.of("x"), "y").output("y"));
  }

  @Test
  void operatorSetsAreChecked() throws IOException {
    for (int opset : new int[] {6, 24, -1}) {
      assertRefused(
          "opset " + opset,
          new TestModel(opset).input("x", FLOAT, 1, 4).node("Relu", List.of("x"), "y").output("y"));
    }
  }

  @Test
  void filesThatAreNoModelsAreRefused() throws IOException {
    for (byte[] bytes :
        List.of(
            new byte[0], "hello, this is text".getBytes(java.nio.charset.StandardCharsets.UTF_8))) {
      Path file = Files.write(folder.resolve("bad.onnx"), bytes);
      DiagnosticException e =
          assertThrows(
              DiagnosticException.class, () -> OnnxImporter.read(file, new DiagnosticCollector()));
      assertTrue(e.getMessage().contains("not an ONNX model"), e.getMessage());
    }
    assertThrows(
        DiagnosticException.class, () -> OnnxImporter.read(folder, new DiagnosticCollector()));
  }

  @Test
  void elementTypesThatTheGraphCannotHoldAreNamed() throws IOException {
    assertRefused(
        "float16",
        new TestModel(13).input("x", FLOAT16, 1, 4).node("Relu", List.of("x"), "y").output("y"));
    assertRefused(
        "99", new TestModel(13).input("x", 99, 1, 4).node("Relu", List.of("x"), "y").output("y"));
  }

  @Test
  void tensorDataMustFitItsShape() throws IOException {
    assertRefused(
        "asks for", of("Add", List.of("x", "w"), 1, 4).raw("w", FLOAT, List.of(4L), new byte[15]));
    assertRefused("asks for", of("Add", List.of("x", "w"), 1, 4).floats("w", List.of(4L), 1, 2, 3));
    assertRefused("negative", of("Add", List.of("x", "w"), 1, 4).floats("w", List.of(-4L)));
    assertRefused(
        "too many elements",
        of("Add", List.of("x", "w"), 1, 4).floats("w", List.of(1L << 40, 1L << 40)));
    assertRefused(
        "is not of type", of("Add", List.of("x", "w"), 1, 4).integers("w", INT8, List.of(1L), 300));
  }

  @Test
  void scalesMustBeNumbersAboveZero() throws IOException {
    for (float scale : new float[] {Float.NaN, Float.POSITIVE_INFINITY, 0, -1}) {
      assertRefused(
          "scale " + scale,
          of("QuantizeLinear", List.of("x", "s"), 1, 4).floats("s", List.of(), scale));
    }
    assertRefused(
        "blocked",
        of("QuantizeLinear", List.of("x", "s"), 1, 4).floats("s", List.of(1L, 2L), 1, 1));
  }

  @Test
  void fourBitIntegersAreTwoToAByte() throws IOException {
    TestModel model =
        new TestModel(21)
            .input("x", FLOAT, 1, 3)
            .raw("w", INT4, List.of(3L, 1L), (byte) 0xf7, (byte) 0x08)
            .floats("s", List.of(), 1)
            .node("DequantizeLinear", List.of("w", "s"), "d")
            .node("MatMul", List.of("x", "d"), "y")
            .output("y");
    Graph graph = read(model);
    IntegerTensor weights = (IntegerTensor) only(graph, Constant.class).weights().decode();
    assertEquals(new IntegerType(4, true), weights.type().element());
    assertArrayEquals(new int[] {7, -1, -8}, weights.data());
    assertEquals(0, only(graph, Dequantize.class).quantization().zeroPoint(0));
  }

  @Test
  void oneDimensionalConvolutionIsOneRow() throws IOException {
    TestModel model =
        new TestModel(13)
            .input("x", FLOAT, 1, 1, 4)
            .floats("w", List.of(1L, 1L, 2L), 1, 10)
            .node("Conv", List.of("x", "w"), "y", TestModel.ints("pads", 1, 0))
            .output("y");
    Graph graph = read(model);
    assertEquals(1, only(graph, Conv2d.class).window().padLeft());
    assertEquals(Shape.of(1, 1, 4), graph.outputs().get(0).type().shape());
    assertArrayEquals(new float[] {10, 21, 32, 43}, run(graph, 1, 2, 3, 4));
  }

  @Test
  void alphaAndBetaScaleConstantsOnly() throws IOException {
    TestModel model =
        new TestModel(13)
            .input("x", FLOAT, 1, 2)
            .floats("w", List.of(2L, 1L), 1, 2)
            .floats("b", List.of(1L, 1L), 4)
            .node(
                "Gemm",
                List.of("x", "w", "b"),
                "y",
                TestModel.number("alpha", 3),
                TestModel.number("beta", 0.5f))
            .output("y");
    assertArrayEquals(new float[] {3 * 50 + 2}, run(read(model), 10, 20));
  }

  @Test
  void subtractionAndScalingByConstantsAreExact() throws IOException {
    TestModel model =
        new TestModel(13)
            .input("x", FLOAT, 1, 2)
            .floats("c", List.of(2L), 1, 2)
            .floats("f", List.of(), 3)
            .floats("p", List.of(), 4)
            .node("Sub", List.of("x", "c"), "a")
            .node("Mul", List.of("f", "a"), "b")
            .node("Div", List.of("b", "p"), "y")
            .output("y");
    assertArrayEquals(new float[] {6.75f, 13.5f}, run(read(model), 10, 20));
  }

  @Test
  void hostileNamesStayNames() throws IOException {
    String name = "\"; rm -rf / #\n\u0000module";
    TestModel model =
        new TestModel(13)
            .input(name, FLOAT, 1, 2)
            .node("Relu", List.of(name), "endmodule")
            .node("Relu", List.of("endmodule"), "always")
            .output("always");
    Graph graph = read(model);
    assertEquals("always", graph.outputs().get(0).name());
    assertTrue(graph.inputs().get(0).name().chars().noneMatch(Character::isISOControl));
  }

  @Test
  void inputsThatAreInitializersAreConstants() throws IOException {
    Graph graph =
        read(
            of("Add", List.of("x", "c"), 1, 2).input("c", FLOAT, 2).floats("c", List.of(2L), 1, 2));
    assertEquals(1, graph.inputs().size());
  }

  @Test
  void productsOfTwoActivationsAreRefusedWithAdvice() throws IOException {
    assertRefused(
        "attention",
        new TestModel(13)
            .input("x", FLOAT, 2, 2)
            .input("z", FLOAT, 2, 2)
            .node("MatMul", List.of("x", "z"), "y")
            .output("y"));
  }

  @Test
  void quantizedIntegersAreSummedExactly() throws IOException {
    Graph graph = read(SampleModels.quantizedConvolution());
    int[] x = new int[16];
    java.util.Arrays.setAll(x, i -> 17 * i);
    IntegerTensor input = IntegerTensor.of(IntegerType.UINT8, Shape.of(1, 1, 4, 4), x);
    IntegerTensor y = (IntegerTensor) new Interpreter(graph).run(List.of(input)).get(0);
    int sum = -100 * (x[0] - 3) + 100 * (x[4] - 3) + 155 * (x[5] - 3);
    int expected = (int) Math.max(0, Math.min(255, Math.rint(sum * 0.5f) + 3));
    assertEquals(expected, y.data()[0]);
  }

  @Test
  void chainsOfNodesCannotUseUpTheMemory() throws IOException {
    TestModel doubling = new TestModel(13).input("x", FLOAT, 1, 4).longs("v0", List.of(1L), 1);
    TestModel copying =
        new TestModel(13)
            .input("x", FLOAT, 1, 4)
            .sparse(
                TestModel.floatTensor("v0", List.of(1L), 5),
                TestModel.longTensor("", List.of(1L), 3),
                1 << 13,
                1 << 13);
    for (int i = 0; i < 60; i++) {
      String from = "v" + i;
      String to = "v" + (i + 1);
      doubling.node("Concat", List.of(from, from), to, TestModel.integer("axis", 0));
      copying.node("Transpose", List.of(from), to);
    }
    assertRefused(
        "shape arithmetic", doubling.node("Reshape", List.of("x", "v60"), "y").output("y"));
    assertRefused("elements in all", copying.node("MatMul", List.of("x", "v60"), "y").output("y"));
    assertRefused(
        "sparse shape",
        new TestModel(13)
            .input("x", FLOAT, 1, 4)
            .sparse(
                TestModel.floatTensor("w", List.of(1L), 5),
                TestModel.longTensor("", List.of(1L), 3),
                1 << 14,
                1 << 14)
            .node("MatMul", List.of("x", "w"), "y")
            .output("y"));
  }

  @Test
  void functionsThatRedefineOperatorsAreRefused() throws IOException {
    var model = of("Relu", List.of("x"), 1, 4).build().toBuilder();
    model.addFunctionsBuilder().setName("Relu");
    Path file = Files.write(folder.resolve("model.onnx"), model.build().toByteArray());
    DiagnosticException e =
        assertThrows(
            DiagnosticException.class, () -> OnnxImporter.read(file, new DiagnosticCollector()));
    assertTrue(e.getMessage().contains("redefines operator 'Relu'"), e.getMessage());
  }

  @Test
  void zeroPointsHaveTheTypeOfTheirTensor() throws IOException {
    assertRefused(
        "its zero point",
        new TestModel(13)
            .input("x", INT8, 1, 4)
            .floats("s", List.of(), 1)
            .integers("z", TestModel.UINT8, List.of(), 3)
            .integers("w", INT8, List.of(4L, 1L), 1, 2, 3, 4)
            .node("MatMulInteger", List.of("x", "w", "z"), "y")
            .output("y"));
  }
}
