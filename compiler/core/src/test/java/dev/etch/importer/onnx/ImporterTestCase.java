// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx;

import static dev.etch.importer.onnx.TestModel.FLOAT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.Diagnostic;
import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.op.Op;
import dev.etch.reference.Interpreter;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** What tests of the importer share. */
abstract class ImporterTestCase {
  @TempDir protected Path folder;

  protected Graph read(TestModel model) throws IOException {
    return OnnxImporter.read(model.write(folder), new DiagnosticCollector());
  }

  protected List<Diagnostic> refused(TestModel model) throws IOException {
    Path file = model.write(folder);
    return assertThrows(
            DiagnosticException.class, () -> OnnxImporter.read(file, new DiagnosticCollector()))
        .diagnostics();
  }

  protected void assertRefused(String message, TestModel model) throws IOException {
    List<Diagnostic> diagnostics = refused(model);
    assertEquals(1, diagnostics.size(), diagnostics::toString);
    String text = diagnostics.get(0).toString();
    assertTrue(text.contains(message), text);
  }

  protected static <T extends Op> T only(Graph graph, Class<T> kind) {
    List<Node> nodes = graph.nodes().stream().filter(n -> kind.isInstance(n.op())).toList();
    assertEquals(1, nodes.size(), () -> graph.nodes().toString());
    return kind.cast(nodes.get(0).op());
  }

  protected static float[] run(Graph graph, float... x) {
    Tensor input = FloatTensor.of(graph.inputs().get(0).type().shape(), x);
    return ((FloatTensor) new Interpreter(graph).run(List.of(input)).get(0)).data();
  }

  /** A model of one float node on x. */
  protected static TestModel of(String operator, List<String> operands, long... dims) {
    return new TestModel(13).input("x", FLOAT, dims).node(operator, operands, "y").output("y");
  }
}
