// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The code in docs/verification.md is the code that this build runs. */
class DocumentationTest {
  private static final String BEGIN = "// docs: begin\n";
  private static final String END = "// docs: end\n";

  @Test
  void theExampleOfTheGuideIsTheTestedFile() throws IOException {
    Path root = Path.of(System.getProperty("etch.root"));
    String source =
        Files.readString(
            root.resolve("testbench/src/test/java/example/AcceleratorExampleTest.java"));
    String code = source.substring(source.indexOf(BEGIN) + BEGIN.length(), source.lastIndexOf(END));
    String guide = Files.readString(root.resolve("docs/verification.md"));
    assertTrue(
        guide.contains("```java\n" + code + "```"),
        "docs/verification.md must hold this code:\n" + code);
  }
}
