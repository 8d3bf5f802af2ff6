// SPDX-License-Identifier: Apache-2.0
package dev.etch.text;

import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import dev.etch.text.antlr.EtchParser;
import dev.etch.text.antlr.EtchParser.RecipeLineContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads recipes: lines of a name and the attributes of a record, whose meaning others know. */
public final class RecipeParser {
  private RecipeParser() {}

  /**
   * A line.
   *
   * @param value of the class that stands beside its name
   * @param location of the name
   */
  public record Line<T>(T value, Location location) {}

  /**
   * Parses a recipe.
   *
   * @param file name for diagnostics
   * @param kinds records by the names of lines; their components are the attributes, and those that
   *     are Optional may be left out
   * @throws DiagnosticException with line and column if the text is not a valid recipe
   */
  public static <T> List<Line<T>> parse(
      String file, String text, Map<String, ? extends Class<? extends T>> kinds) {
    SourceText source = new SourceText(file, text);
    RecordReader records = new RecordReader(source, Map.of());
    List<Line<T>> lines = new ArrayList<>();
    for (RecipeLineContext line : source.parse(EtchParser::recipeFile).recipeLine()) {
      Class<? extends T> kind = kinds.get(line.name.getText());
      if (kind == null) {
        throw source.error(
            line.name,
            "no step " + line.name.getText(),
            "one of: " + String.join(", ", kinds.keySet().stream().sorted().toList()));
      }
      T value = records.record(kind, line.attributes(), line.name);
      lines.add(new Line<>(value, source.at(line.name)));
    }
    return lines;
  }
}
