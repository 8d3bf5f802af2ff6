// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.compress.recipe.text.RecipeText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** docs/techniques.md says what docs/benchmarks.md measured, and of every line that there is. */
class TechniquesPageTest {
  private static final Path DOCS = Path.of(System.getProperty("etch.root"), "docs");

  /** Cells by the technique's name, and in each row by the column's. */
  private static Map<String, Map<String, String>> table(String page, String start) {
    List<String> lines = page.substring(page.indexOf(start)).lines().toList();
    List<String> columns = cells(lines.get(0));
    Map<String, Map<String, String>> rows = new LinkedHashMap<>();
    for (String line : lines.subList(2, lines.size())) {
      if (!line.startsWith("|")) {
        break;
      }
      List<String> cells = cells(line);
      Map<String, String> row = new LinkedHashMap<>();
      for (int i = 0; i < cells.size(); i++) {
        row.put(columns.get(i), cells.get(i));
      }
      rows.put(cells.get(0), row);
    }
    return rows;
  }

  private static List<String> cells(String line) {
    List<String> cells = new ArrayList<>();
    for (String cell : line.substring(1, line.lastIndexOf('|')).split("\\|", -1)) {
      cells.add(cell.strip());
    }
    return cells;
  }

  @Test
  void numbersAreThoseThatWereMeasured() throws IOException {
    Map<String, Map<String, String>> measured =
        table(Files.readString(DOCS.resolve("benchmarks.md")), "| technique | weights | kept |");
    Map<String, Map<String, String>> said =
        table(Files.readString(DOCS.resolve("techniques.md")), "| technique | bytes | points |");
    assertEquals(measured.keySet(), said.keySet());
    said.forEach(
        (name, row) ->
            row.forEach((column, cell) -> assertEquals(measured.get(name).get(column), cell)));
  }

  @Test
  void everyStepIsThere() throws IOException {
    String page = Files.readString(DOCS.resolve("techniques.md"));
    List<String> lines =
        Pattern.compile("(?m)^\\| `([a-z-]+)` \\|")
            .matcher(RecipeText.markdown())
            .results()
            .map(line -> line.group(1))
            .filter(line -> !List.of("normalize", "augment", "train").contains(line))
            .toList();
    assertTrue(lines.size() > 15, lines.toString());
    lines.forEach(line -> assertTrue(page.contains("`" + line + "`"), line));
  }
}
