// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Turns names of models into names that are safe in Verilog, Java, C, shell and file systems. */
public final class Identifiers {
  private static final Pattern LEGAL = Pattern.compile("[a-z][a-z0-9_]{0,47}");
  private static final int LONGEST = 40;

  private Identifiers() {}

  /**
   * A legal identifier that resembles {@code text} and is not in {@code taken}; it always carries a
   * prefix-free lower-case form and never equals a keyword, because {@code prefix} is put in front
   * where needed.
   */
  public static String make(String text, String prefix, Set<String> taken) {
    String base = text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_");
    base = base.replaceAll("^_+|_+$", "").replaceAll("_+", "_");
    if (base.length() > LONGEST) {
      base = base.substring(base.length() - LONGEST).replaceAll("^_+", "");
    }
    base = base.isEmpty() ? prefix : prefix + "_" + base;
    if (base.length() > LONGEST) {
      base = base.substring(0, LONGEST);
    }
    String candidate = base;
    for (int i = 1; taken.contains(candidate); i++) {
      candidate = base + "_" + i;
    }
    return candidate;
  }

  /** Throws unless {@code name} is lower-case letters, digits and underscores, 48 at most. */
  static void requireLegal(String name) {
    if (!LEGAL.matcher(name).matches()) {
      throw new IllegalArgumentException("not a legal identifier: " + name);
    }
  }
}
