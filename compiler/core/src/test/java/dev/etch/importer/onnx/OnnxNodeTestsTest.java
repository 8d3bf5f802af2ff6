// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.graph.Graph;
import dev.etch.importer.SharedModels;
import dev.etch.reference.Interpreter;
import dev.etch.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * ONNX's own node tests (Debian package libonnx-testdata): each test of an operator that we claim
 * gives the right result or a diagnostic. Writes target/onnx-node-tests.md.
 */
class OnnxNodeTestsTest {
  private static final Path NODE_TESTS = Path.of("/usr/share/libonnx-testdata/data/node");

  @TempDir private Path temporary;

  @Test
  void rightOrRefused() throws IOException {
    if (!Files.isDirectory(NODE_TESTS)) {
      SharedModels.missing("ONNX's node tests are not here: apt-get install libonnx-testdata");
    }
    Map<String, String> results = new TreeMap<>();
    for (NodeTestCase test : cases()) {
      if (test.isOfClaimedOperator()) {
        results.put(test.name(), outcome(test));
      }
    }
    Files.writeString(
        Files.createDirectories(Path.of("target")).resolve("onnx-node-tests.md"), table(results));
    System.out.println("ONNX node tests of operators with a reader: " + summary(results));
    List<String> wrong =
        results.entrySet().stream()
            .filter(e -> !e.getValue().startsWith("passed") && !e.getValue().startsWith("refused"))
            .map(Object::toString)
            .toList();
    assertEquals(List.of(), wrong);
    long passed = results.values().stream().filter(r -> r.startsWith("passed")).count();
    assertTrue(passed >= 120, "only " + passed + " of " + results.size() + " passed");
  }

  private static List<NodeTestCase> cases() throws IOException {
    try (Stream<Path> folders = Files.list(NODE_TESTS)) {
      return folders.sorted().map(NodeTestCase::new).toList();
    }
  }

  private String outcome(NodeTestCase test) throws IOException {
    try {
      return run(test, test.model(), "passed");
    } catch (DiagnosticException first) {
      // Weights and scales are inputs of the test; as constants they may be supported.
      try {
        Path frozen = temporary.resolve(test.name() + ".onnx");
        test.frozen().writeTo(Files.newOutputStream(frozen));
        return run(test, frozen, "passed, all inputs but the first as constants");
      } catch (DiagnosticException | com.google.protobuf.InvalidProtocolBufferException second) {
        return "refused: " + message(first, second);
      }
    } catch (RuntimeException e) {
      return "failed: " + e;
    }
  }

  /** What is wrong with the constant form, where there is one: it says more. */
  private static String message(DiagnosticException asIs, Exception withConstants) {
    DiagnosticException shown =
        withConstants instanceof DiagnosticException refused ? refused : asIs;
    return shown.diagnostics().get(0).message();
  }

  private static String run(NodeTestCase test, Path model, String passed) throws IOException {
    Graph graph = OnnxImporter.read(model, new DiagnosticCollector());
    List<Tensor> outputs = new Interpreter(graph).run(test.inputs(graph.inputs().size()));
    List<Tensor> expected = test.outputs(outputs.size());
    for (int i = 0; i < outputs.size(); i++) {
      if (!NodeTestCase.matches(expected.get(i), outputs.get(i))) {
        return "wrong: output " + i + " of " + expected.get(i) + " is " + outputs.get(i);
      }
    }
    return passed;
  }

  private static String summary(Map<String, String> results) {
    long passed = results.values().stream().filter(r -> r.equals("passed")).count();
    long frozen = results.values().stream().filter(r -> r.startsWith("passed,")).count();
    long refused = results.values().stream().filter(r -> r.startsWith("refused")).count();
    return String.format(
        "%d, passed %d, passed with constants %d, refused %d, wrong %d",
        results.size(), passed, frozen, refused, results.size() - passed - frozen - refused);
  }

  private static String table(Map<String, String> results) {
    StringBuilder table = new StringBuilder("# ONNX node tests\n\n" + summary(results) + "\n\n");
    table.append("| test | result |\n| --- | --- |\n");
    results.forEach(
        (test, result) -> table.append("| " + test + " | " + result.replace("|", "\\|") + " |\n"));
    return table.toString();
  }
}
