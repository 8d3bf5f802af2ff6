// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.graph.Graph;
import dev.etch.importer.Cut;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models of which a part is wanted: what lies outside is not read. */
class CutTest {
  private static final int FLOAT = 1;

  @TempDir private Path folder;

  /** Two operators that nobody knows around a Relu. */
  private Graph read(Cut cut) throws IOException {
    Path file =
        new TestModel(13)
            .input("x", FLOAT, 1, 3)
            .node("Relu", List.of("x"), "a")
            .node("Relu", List.of("a"), "b")
            .node("custom", "Boxes", List.of("b", "a"), "y")
            .output("y")
            .write(folder);
    return OnnxImporter.read(file, cut, new DiagnosticCollector());
  }

  @Test
  void endsAtNamedOutputs() throws IOException {
    Graph graph = read(new Cut(List.of(), List.of("a")));
    assertEquals(1, graph.nodes().size());
    assertEquals("a", graph.outputs().get(0).name());
  }

  /** The type of an input is that of the tensor, which the file need not state. */
  @Test
  void beginsAtNamedInputs() throws IOException {
    Graph graph = read(new Cut(List.of("a"), List.of("b")));
    assertEquals(1, graph.nodes().size());
    assertEquals("a", graph.inputs().get(0).name());
    assertEquals(List.of(1, 3), graph.inputs().get(0).type().shape().dimensions());
  }

  @Test
  void unknownNamesAreDiagnosed() {
    assertMessage(new Cut(List.of(), List.of("c")), "--outputs: the model computes no tensor 'c'");
    assertMessage(new Cut(List.of("c"), List.of()), "tensors are, in order: a, b, y");
  }

  /** An operator that nobody knows is host code; the message says where it begins. */
  @Test
  void unknownOperatorsSayWhereToCut() {
    assertMessage(Cut.NONE, "cut it off with --outputs b, or --outputs a");
  }

  private void assertMessage(Cut cut, String message) {
    DiagnosticException e = assertThrows(DiagnosticException.class, () -> read(cut));
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }
}
