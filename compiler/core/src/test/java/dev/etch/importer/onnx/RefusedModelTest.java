// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx;

import static dev.etch.importer.onnx.TestModel.FLOAT;
import static dev.etch.importer.onnx.TestModel.FLOAT16;
import static dev.etch.importer.onnx.TestModel.INT8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.Diagnostic;
import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.DiagnosticException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is said about models that are wrong, and what they cannot do. */
class RefusedModelTest extends ImporterTestCase {

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
            .node("Sin", List.of("x"), "a")
            .node("Relu", List.of("a"), "b")
            .node("Cos", List.of("b"), "c")
            .node("Relu", List.of("c"), "d", TestModel.number("slope", 1))
            .node("Celu", List.of("x"), "e")
            .node("my.domain", "Thing", List.of("e"), "f")
            .node("Add", List.of("d", "f"), "y")
            .output("y");
    List<String> messages = refused(model).stream().map(Diagnostic::toString).toList();
    assertEquals(5, messages.size(), messages::toString);
    for (String expected :
        List.of(
            "node 'a_node' (Sin)",
            "node 'c_node' (Cos)",
            "unknown attribute 'slope'",
            "(Celu)",
            "'Thing' of domain 'my.domain'")) {
      assertTrue(messages.stream().anyMatch(m -> m.contains(expected)), expected);
    }
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
