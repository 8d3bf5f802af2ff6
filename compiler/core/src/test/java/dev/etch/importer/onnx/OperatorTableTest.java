// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.etch.importer.onnx.operator.OperatorRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The documented table of operators is the registry's. To write it anew, run this test with {@code
 * -Detch.bless=true}.
 */
class OperatorTableTest {
  private static final String HEAD =
      """
      # ONNX operators that Etch reads

      Generated from the registry of readers (`OperatorRegistry`); a test keeps it equal. ONNX opsets 7 to 23.

      """;

  @Test
  void documentationEqualsTheRegistry() throws IOException {
    Path page = Path.of(System.getProperty("etch.root"), "docs", "onnx-operators.md");
    String expected = HEAD + OperatorTable.markdown();
    if (Boolean.getBoolean("etch.bless")) {
      Files.writeString(page, expected);
    }
    assertEquals(expected, Files.readString(page));
  }

  @Test
  void theTableIsSortedAndWithoutRepetition() {
    List<String> names =
        OperatorRegistry.entries().stream().map(e -> e.domain() + "." + e.operator()).toList();
    assertEquals(names.stream().distinct().sorted(Comparator.naturalOrder()).toList(), names);
  }
}
