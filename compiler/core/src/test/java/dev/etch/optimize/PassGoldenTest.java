// SPDX-License-Identifier: Apache-2.0
package dev.etch.optimize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Graph;
import dev.etch.op.Op;
import dev.etch.optimize.integer.IntegerizeQuantizedOperators;
import dev.etch.pass.Pass;
import dev.etch.text.GraphParser;
import dev.etch.text.GraphPrinter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What each pass does, as text: {@code <pass>.etch} or {@code <pass>.<case>.etch} goes in, {@code
 * .expected.etch} beside it comes out. {@code -Detch.bless=true} writes the expectations anew; read
 * the difference before you commit it.
 */
class PassGoldenTest {
  private static final String EXPECTED = ".expected.etch";
  private static final Path FOLDER =
      Path.of(
          System.getProperty("etch.root"),
          "compiler/core/src/test/resources/dev/etch/optimize/golden");

  static List<String> cases() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !name.endsWith(EXPECTED))
          .map(name -> name.substring(0, name.length() - ".etch".length()))
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void thePassGivesTheExpectedText(String name) throws IOException {
    Pass pass = passes().get(passOf(name));
    assertTrue(pass != null, "no pass is named " + passOf(name));
    DiagnosticCollector diagnostics = new DiagnosticCollector();
    Graph input = input(name);
    String result = GraphPrinter.print(pass.run(input, diagnostics));
    assertFalse(diagnostics.hasErrors(), () -> diagnostics.diagnostics().toString());
    Path expected = FOLDER.resolve(name + EXPECTED);
    if (Boolean.getBoolean("etch.bless")) {
      Files.writeString(expected, result);
    }
    assertEquals(Files.readString(expected), result);
    assertNotEquals(GraphPrinter.print(input), result, "there is nothing for the pass to do");
    assertEquals(result, GraphPrinter.print(GraphParser.parse(name, result)));
  }

  @Test
  void everyPassHasACase() throws IOException {
    Set<String> tested = cases().stream().map(PassGoldenTest::passOf).collect(Collectors.toSet());
    assertEquals(passes().keySet(), tested);
  }

  @Test
  void everyIntegerFormHasACase() throws IOException {
    String pass = new IntegerizeQuantizedOperators().name();
    Set<Class<? extends Op>> missing = new HashSet<>(IntegerizeQuantizedOperators.operators());
    for (String name : cases()) {
      if (passOf(name).equals(pass)) {
        input(name).nodes().forEach(node -> missing.remove(node.op().getClass()));
      }
    }
    assertEquals(Set.of(), missing);
  }

  private static Map<String, Pass> passes() {
    Map<String, Pass> passes = new LinkedHashMap<>();
    StandardPasses.list().forEach(pass -> passes.put(pass.name(), pass));
    StandardPasses.ofAccelerator().forEach(pass -> passes.put(pass.name(), pass));
    return passes;
  }

  private static String passOf(String name) {
    int dot = name.indexOf('.');
    return dot < 0 ? name : name.substring(0, dot);
  }

  private static Graph input(String name) throws IOException {
    String file = name + ".etch";
    return GraphParser.parse(file, Files.readString(FOLDER.resolve(file)));
  }
}
