// SPDX-License-Identifier: Apache-2.0
package dev.etch.diagnostic;

/** Makes untrusted text safe to print: no control or invisible characters, bounded length. */
public final class Printable {
  private static final int LONGEST = 200;

  private Printable() {}

  /** {@code text} with control and invisible characters escaped, cut after 200 characters. */
  public static String of(String text) {
    StringBuilder result = new StringBuilder();
    text.codePoints()
        .limit(LONGEST)
        .forEach(
            c -> {
              if (isInvisible(c)) {
                result.append(String.format("\\u%04x", c));
              } else {
                result.appendCodePoint(c);
              }
            });
    if (text.length() > LONGEST) {
      result.append("...");
    }
    return result.toString();
  }

  /** Controls, and what reorders or breaks lines in a terminal (right-to-left override). */
  private static boolean isInvisible(int codePoint) {
    int type = Character.getType(codePoint);
    return Character.isISOControl(codePoint)
        || type == Character.FORMAT
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR;
  }
}
