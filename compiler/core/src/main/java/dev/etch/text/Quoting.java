// SPDX-License-Identifier: Apache-2.0
package dev.etch.text;

import java.util.regex.Pattern;

/** Quotes names and texts for the text formats, and reads them back. */
final class Quoting {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_.:/-]+");

  private Quoting() {}

  /** {@code "text"} with escapes. */
  static String quote(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> quoted.append("\\\"");
        case '\\' -> quoted.append("\\\\");
        case '\n' -> quoted.append("\\n");
        case '\r' -> quoted.append("\\r");
        case '\t' -> quoted.append("\\t");
        default -> {
          if (c < 0x20) {
            quoted.append(String.format("\\u%04x", (int) c));
          } else {
            quoted.append(c);
          }
        }
      }
    }
    return quoted.append('"').toString();
  }

  /** What {@link #quote} was given. */
  static String unquote(String quoted) {
    StringBuilder text = new StringBuilder();
    for (int i = 1; i < quoted.length() - 1; i++) {
      char c = quoted.charAt(i);
      if (c != '\\') {
        text.append(c);
        continue;
      }
      c = quoted.charAt(++i);
      switch (c) {
        case 'n' -> text.append('\n');
        case 'r' -> text.append('\r');
        case 't' -> text.append('\t');
        case 'u' -> {
          text.append((char) Integer.parseInt(quoted.substring(i + 1, i + 5), 16));
          i += 4;
        }
        default -> text.append(c);
      }
    }
    return text.toString();
  }

  /** {@code %name}, quoted only where needed. */
  static String value(String name) {
    return "%" + (PLAIN.matcher(name).matches() ? name : quote(name));
  }

  /** What {@link #value} was given. */
  static String unvalue(String token) {
    return token.startsWith("%\"") ? unquote(token.substring(1)) : token.substring(1);
  }
}
