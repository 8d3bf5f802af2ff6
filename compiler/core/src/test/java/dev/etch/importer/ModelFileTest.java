// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.compressed.OwnFiles;
import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.graph.Graph;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which format a file has, and what is said about those that cannot be read. */
class ModelFileTest {
  @TempDir private Path folder;

  private Path file(String name, String content) throws IOException {
    return Files.write(folder.resolve(name), content.getBytes(StandardCharsets.ISO_8859_1));
  }

  @Test
  void formatsAreToldByNameThenByContent() throws IOException {
    assertEquals(ModelFile.Format.ONNX, ModelFile.format(file("a.ONNX", ""), new OwnFiles()));
    assertEquals(
        ModelFile.Format.ETCH_TEXT, ModelFile.format(file("a.etch", "graph"), new OwnFiles()));
    assertEquals(
        ModelFile.Format.ETCH_COMPRESSED, ModelFile.format(file("a.etchz", ""), new OwnFiles()));
    assertEquals(
        ModelFile.Format.ETCH_COMPRESSED,
        ModelFile.format(file("b", "\u0089ETCHZ\r\n\0\1"), new OwnFiles()));
    assertEquals(ModelFile.Format.TFLITE, ModelFile.format(file("a.tflite", ""), new OwnFiles()));
    assertEquals(
        ModelFile.Format.TFLITE,
        ModelFile.format(file("model", "\u001c\0\0\0TFL3\0"), new OwnFiles()));
    assertEquals(
        ModelFile.Format.ONNX, ModelFile.format(file("model", "\b\b\u0012\u0004"), new OwnFiles()));
    assertEquals(
        ModelFile.Format.UNKNOWN, ModelFile.format(file("a.txt", "hello"), new OwnFiles()));
    assertEquals(ModelFile.Format.UNKNOWN, ModelFile.format(file("empty", ""), new OwnFiles()));
  }

  @Test
  void textGoesToTheReaderOfText() throws IOException {
    Graph graph = new Graph("g", List.of(), List.of(), List.of());
    Path file = file("a.etch", "the text");
    assertSame(
        graph,
        ModelFile.read(
            file, new OneText(file, graph), TfliteKernels.CURRENT, new DiagnosticCollector()));
  }

  /** Gives the graph for one text. */
  private record OneText(Path file, Graph graph) implements ModelFile.OwnReader {
    @Override
    public Graph parse(String name, String text) {
      assertEquals(file.toString(), name);
      assertEquals("the text", text);
      return graph;
    }

    @Override
    public Graph unpack(String name, byte[] bytes) {
      throw new AssertionError(name);
    }

    @Override
    public boolean isCompressed(byte[] head) {
      return false;
    }
  }

  @Test
  void filesThatCannotBeReadGetDiagnostics() throws IOException {
    refused(folder.resolve("absent.onnx"), "no such file");
    refused(folder, "not a file");
    refused(file("a.tflite", ""), "not a TensorFlow Lite model");
    refused(file("a.txt", "hello"), "no model format");
    refused(file("a.etch", "\u00ff\u00fe"), "not UTF-8");
    refused(file("a.etchz", "hello"), "does not begin as a compressed model");
    refused(file("a.onnx", "\u00ff\u00fe"), "not an ONNX model");
  }

  private static void refused(Path file, String message) {
    DiagnosticException e =
        assertThrows(
            DiagnosticException.class,
            () ->
                ModelFile.read(
                    file, new OwnFiles(), TfliteKernels.CURRENT, new DiagnosticCollector()));
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }
}
