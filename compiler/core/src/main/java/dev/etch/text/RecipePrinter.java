// SPDX-License-Identifier: Apache-2.0
package dev.etch.text;

import java.util.List;
import java.util.function.Function;

/** Prints recipes that {@link RecipeParser} reads back. */
public final class RecipePrinter {
  private RecipePrinter() {}

  /**
   * The text, ending with a line feed.
   *
   * @param lines records whose components are the attributes; empty Optionals are left out
   * @param name of a line
   */
  public static String print(List<Record> lines, Function<Record, String> name) {
    StringBuilder text = new StringBuilder("recipe\n");
    for (Record line : lines) {
      text.append(name.apply(line));
      String attributes = RecordPrinter.attributes(line);
      if (!attributes.equals("{}")) {
        text.append(' ').append(attributes);
      }
      text.append('\n');
    }
    return text.toString();
  }
}
