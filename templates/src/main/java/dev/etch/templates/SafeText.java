// SPDX-License-Identifier: Apache-2.0
package dev.etch.templates;

import dev.etch.diagnostic.CompilerBug;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A text that is safe where it is put, whatever name it was made from. {@code toString()} is what a
 * template prints; a record can only be made through the factory that escapes or checks.
 */
public sealed interface SafeText
    permits SafeText.Markup,
        SafeText.JavaName,
        SafeText.JavaText,
        SafeText.HardwareName,
        SafeText.Remark,
        SafeText.Decimal,
        SafeText.Hexadecimal,
        SafeText.YosysCommand,
        SafeText.ShellWords {

  /** Escapes for text and double-quoted attributes of HTML and XML; control characters go. */
  static Markup markup(String text) {
    StringBuilder out = new StringBuilder();
    text.codePoints().forEach(c -> appendMarkup(out, c));
    return new Markup(out.toString());
  }

  private static void appendMarkup(StringBuilder out, int c) {
    switch (c) {
      case '&' -> out.append("&amp;");
      case '<' -> out.append("&lt;");
      case '>' -> out.append("&gt;");
      case '"' -> out.append("&quot;");
      case '\'' -> out.append("&#39;");
      default -> {
        if (isPrintable(c)) {
          out.appendCodePoint(c);
        } else {
          out.append('\u00b7');
        }
      }
    }
  }

  private static boolean isPrintable(int c) {
    return !Character.isISOControl(c)
        && c < 0xFFFE
        && !(c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)
        && Character.getType(c) != Character.FORMAT
        && Character.getType(c) != Character.LINE_SEPARATOR
        && Character.getType(c) != Character.PARAGRAPH_SEPARATOR;
  }

  /** A Java class name in upper camel case that is no keyword and no class of java.lang. */
  static JavaName javaClass(String text) {
    StringBuilder out = new StringBuilder();
    for (String word : text.split("[^A-Za-z0-9]+", -1)) {
      if (!word.isEmpty()) {
        out.append(word.substring(0, 1).toUpperCase(Locale.ROOT)).append(word.substring(1));
      }
    }
    String base = out.length() > 40 ? out.substring(0, 40) : out.toString();
    if (base.isEmpty() || Character.isDigit(base.charAt(0))) {
      base = "Net" + base;
    }
    return new JavaName(base + "Model");
  }

  /**
   * A name of a record's component in lower camel case.
   *
   * @param taken names of other components
   */
  static JavaName javaComponent(String text, Set<String> taken) {
    StringBuilder out = new StringBuilder();
    for (String word : text.split("[^A-Za-z0-9]+", -1)) {
      if (!word.isEmpty()) {
        String first = word.substring(0, 1);
        out.append(
            out.length() == 0 ? first.toLowerCase(Locale.ROOT) : first.toUpperCase(Locale.ROOT));
        out.append(word.substring(1));
      }
    }
    String base = out.length() > 40 ? out.substring(0, 40) : out.toString();
    if (base.isEmpty() || Character.isDigit(base.charAt(0))) {
      base = "output" + base;
    }
    base += isReserved(base) ? "Output" : "";
    String name = base;
    for (int i = 2; taken.contains(name); i++) {
      name = base + "_" + i;
    }
    return new JavaName(name);
  }

  /** Whether a record's component may not have this name, or one of its methods has. */
  private static boolean isReserved(String name) {
    return !javax.lang.model.SourceVersion.isName(name)
        || Set.of("arrays", "clone", "finalize", "getClass", "hashCode", "notify", "notifyAll")
            .contains(name)
        || Set.of("toString", "wait").contains(name);
  }

  /** A dotted Java package name. */
  static JavaName javaPackage(String text) {
    return new JavaName(text);
  }

  /** A constant name in upper case, from a camel-case register name. */
  static JavaName javaConstant(String text) {
    return new JavaName(
        text.replaceAll("([a-z0-9])([A-Z])", "$1_$2")
            .replaceAll("[^A-Za-z0-9]+", "_")
            .toUpperCase(Locale.ROOT));
  }

  /** A quoted Java string literal in ASCII. */
  static JavaText javaText(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c >= ' ' && c < 127) {
        out.append(c);
      } else if (c < 256) {
        out.append(String.format(Locale.ROOT, "\\%03o", (int) c));
      } else {
        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      }
    }
    return new JavaText(out.append('"').toString());
  }

  /** An integer literal. */
  static JavaText javaInt(int value) {
    return new JavaText(Integer.toString(value));
  }

  /** An integer literal in hexadecimal. */
  static JavaText javaHexadecimal(int value) {
    return new JavaText("0x" + hexadecimal(value));
  }

  /** A boolean literal. */
  static JavaText javaBoolean(boolean value) {
    return new JavaText(Boolean.toString(value));
  }

  /** An expression with exactly this value. */
  static JavaText javaFloat(float value) {
    if (Float.isFinite(value)) {
      return new JavaText(value + "f");
    }
    String name =
        Float.isNaN(value) ? "NaN" : value > 0 ? "POSITIVE_INFINITY" : "NEGATIVE_INFINITY";
    return new JavaText("Float." + name);
  }

  /** A new array with these values. */
  static JavaText javaFloats(List<Float> values) {
    return new JavaText(
        values.stream()
            .map(value -> javaFloat(value).toString())
            .collect(Collectors.joining(", ", "new float[] {", "}")));
  }

  /** A new array with these values. */
  static JavaText javaInts(List<Integer> values) {
    return new JavaText(
        values.stream().map(String::valueOf).collect(Collectors.joining(", ", "new int[] {", "}")));
  }

  /** An immutable list of these values. */
  static JavaText javaList(List<Integer> values) {
    return new JavaText(
        values.stream().map(String::valueOf).collect(Collectors.joining(", ", "List.of(", ")")));
  }

  /** A Verilog identifier or file stem that the hardware IR made. */
  static HardwareName hardwareName(String name) {
    return new HardwareName(name);
  }

  /** One line for a comment of any language: harmless ASCII, 100 characters at most. */
  static Remark remark(String text) {
    String plain = text.replaceAll("[^A-Za-z0-9 _.,:;()\\[\\]+=-]", "?");
    return new Remark(plain.length() > 100 ? plain.substring(0, 97) + "..." : plain);
  }

  /** A number with a fixed count of digits behind the point, trailing zeros and point removed. */
  static Decimal decimal(double value, int digits) {
    if (!Double.isFinite(value)) {
      throw new CompilerBug("a report has no place for " + value);
    }
    String text = String.format(Locale.ROOT, "%." + digits + "f", value);
    if (text.indexOf('.') >= 0) {
      text = text.replaceAll("0+$", "").replaceAll("\\.$", "");
    }
    return new Decimal(text.equals("-0") ? "0" : text);
  }

  /** A Yosys command of plain words and options. */
  static YosysCommand yosysCommand(String command) {
    return new YosysCommand(command);
  }

  /** Words of a shell command that need no quotes. */
  static ShellWords shellWords(String words) {
    return new ShellWords(words);
  }

  /** Hexadecimal digits of a number taken as unsigned, without a prefix. */
  static Hexadecimal hexadecimal(int value) {
    return new Hexadecimal(String.format(Locale.ROOT, "%02x", value));
  }

  /** A whole number with narrow no-break spaces between groups of three digits. */
  static Decimal grouped(long value) {
    return new Decimal(String.format(Locale.ROOT, "%,d", value).replace(',', '\u202f'));
  }

  /** Text or attribute value of HTML or XML. */
  final class Markup extends Printed implements SafeText {
    private Markup(String text) {
      super(text);
    }
  }

  /** A Java identifier or a dotted sequence of them. */
  final class JavaName extends Printed implements SafeText {
    private static final Pattern LEGAL = Pattern.compile("[A-Za-z_]\\w*(\\.[A-Za-z_]\\w*)*");

    private JavaName(String text) {
      super(check(text, LEGAL));
      for (String part : text.split("\\.", -1)) {
        if (!javax.lang.model.SourceVersion.isName(part)) {
          throw new CompilerBug("not a Java name: " + text);
        }
      }
    }
  }

  /** A Java expression: a string literal, a number, an array. */
  final class JavaText extends Printed implements SafeText {
    private JavaText(String text) {
      super(text);
    }
  }

  /** Lower-case letters, digits and underscores. */
  final class HardwareName extends Printed implements SafeText {
    private static final Pattern LEGAL = Pattern.compile("[a-z][a-z0-9_]*");

    private HardwareName(String text) {
      super(check(text, LEGAL));
    }
  }

  /** Comment text. */
  final class Remark extends Printed implements SafeText {
    private Remark(String text) {
      super(text);
    }
  }

  /** Digits. */
  final class Decimal extends Printed implements SafeText {
    private Decimal(String text) {
      super(text);
    }
  }

  /** Hexadecimal digits. */
  final class Hexadecimal extends Printed implements SafeText {
    private Hexadecimal(String text) {
      super(text);
    }
  }

  /** Words of letters, digits, underscores and hyphens with single spaces between. */
  final class YosysCommand extends Printed implements SafeText {
    private static final Pattern LEGAL = Pattern.compile("[a-z0-9_]+( -?[a-z0-9_]+)*");

    private YosysCommand(String text) {
      super(check(text, LEGAL));
    }
  }

  /** Words that a shell takes as they are, with single spaces between. */
  final class ShellWords extends Printed implements SafeText {
    private static final Pattern LEGAL =
        Pattern.compile("[A-Za-z0-9_./+:=,-]+( [A-Za-z0-9_./+:=,-]+)*");

    private ShellWords(String text) {
      super(check(text, LEGAL));
    }
  }

  /** What all of them are: a checked text. */
  abstract class Printed {
    private final String text;

    private Printed(String text) {
      this.text = Objects.requireNonNull(text);
    }

    static String check(String text, Pattern legal) {
      if (!legal.matcher(text).matches()) {
        throw new CompilerBug("unsafe name " + text);
      }
      return text;
    }

    @Override
    public final String toString() {
      return text;
    }

    @Override
    @SuppressWarnings("EqualsGetClass") // a Java name is no Verilog name, whatever its text
    public final boolean equals(Object other) {
      return other != null && other.getClass() == getClass() && ((Printed) other).text.equals(text);
    }

    @Override
    public final int hashCode() {
      return text.hashCode();
    }
  }
}
