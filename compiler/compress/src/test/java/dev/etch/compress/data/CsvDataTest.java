// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.DiagnosticException;
import dev.etch.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lines of numbers. */
class CsvDataTest {
  @TempDir private Path folder;

  @Test
  void aHeaderNamesTheLabels() throws IOException {
    Dataset data = read("a, label ,b\n0.5,2,-1e3\n\n1,0,2\n");
    assertEquals(Shape.of(2), data.item());
    assertArrayEquals(new int[] {2, 0}, data.labels());
    assertEquals(-1000, data.at(0, 1));
    assertFalse(data.hasBytes());
  }

  @Test
  void withoutAHeaderAllIsData() throws IOException {
    Dataset data = read("0,255\n7,8\n");
    assertFalse(data.isLabelled());
    assertTrue(data.hasBytes());
    assertEquals(255, data.at(0, 1));
  }

  @Test
  void problemsAreAtTheirLineAndColumn() {
    assertFails("1,2\n3,x4,5\n", "data.csv:2:1: error: 3 columns, but the first line has 2");
    assertFails("1,2\n33, x4\n", "data.csv:2:4: error: 'x4' is no number");
    assertFails("1,2\n33,\n", "data.csv:2:4: error: '' is no number");
    assertFails("", "data.csv: error: holds no items");
    assertFails("label\n1\n", "data.csv: error: has labels only");
    assertFails("label,a\n1.5,1\n", "data.csv: error: has the label 1.5 for item 0");
  }

  private Dataset read(String text) throws IOException {
    return DataFiles.read(Files.writeString(folder.resolve("data.csv"), text), Optional.empty());
  }

  private void assertFails(String text, String message) {
    DiagnosticException e = assertThrows(DiagnosticException.class, () -> read(text));
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }
}
