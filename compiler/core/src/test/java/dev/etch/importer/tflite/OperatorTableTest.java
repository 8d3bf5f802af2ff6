// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * The documented table of operators is the registry's. To write it anew, run this test with {@code
 * -Detch.bless=true}.
 */
class OperatorTableTest {
  private static final String HEAD =
      """
      # TFLite operators that Etch reads

      Generated from the registry of readers (`OperatorRegistry`); a test keeps it equal. The arithmetic is that of
      TFLite's reference kernels; see [rationale/tflite.md](rationale/tflite.md).

      """;

  @Test
  void documentationEqualsTheRegistry() throws IOException {
    Path page = Path.of(System.getProperty("etch.root"), "docs", "tflite-operators.md");
    String expected = HEAD + OperatorTable.markdown();
    if (Boolean.getBoolean("etch.bless")) {
      Files.writeString(page, expected);
    }
    assertEquals(expected, Files.readString(page));
  }
}
