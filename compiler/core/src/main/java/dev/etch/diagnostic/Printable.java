// SPDX-License-Identifier: Apache-2.0
package dev.etch.diagnostic;

/** Makes untrusted text safe to print: no control characters, bounded length. */
public final class Printable {
  private static final int LONGEST = 200;

  private Printable() {}

  /** {@code text} with control characters escaped, cut after 200 characters. */
  public static String of(String text) {
    StringBuilder result = new StringBuilder();
    text.codePoints()
        .limit(LONGEST)
        .forEach(
            c -> {
              if (Character.isISOControl(c)) {
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
}
