// SPDX-License-Identifier: Apache-2.0
package dev.etch.templates;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.CompilerBug;
import dev.etch.templates.SafeText.Remark;
import java.util.List;
import org.junit.jupiter.api.Test;

class SafeTextTest {
  @Test
  void markupLosesItsMeaning() {
    assertEquals(
        "&lt;a href=&quot;x&quot;&gt;&amp;&#39;\u00b7\u00e9",
        SafeText.markup("<a href=\"x\">&'\u0000\u00e9").toString());
  }

  @Test
  void javaTextIsAnAsciiLiteral() {
    assertEquals(
        "\"\\\"\\\\\\012\\u6a21\\u202e\"", SafeText.javaText("\"\\\n\u6a21\u202e").toString());
  }

  @Test
  void classNamesAreLegalAndNeverOfTheDriverItself() {
    assertEquals("ClassModel", SafeText.javaClass("class").toString());
    assertEquals("NetModel", SafeText.javaClass("\u6a21").toString());
    assertEquals("Net123Model", SafeText.javaClass("123").toString());
    assertEquals("Lenet5QdqModel", SafeText.javaClass("lenet5-qdq").toString());
  }

  @Test
  void remarksStayOnOneLineAndEndNoComment() {
    String remark = SafeText.remark("a*/\n`x` \\u002a\\\n\u2028" + "y".repeat(200)).toString();
    assertTrue(remark.matches("[A-Za-z0-9 ?.]{100}"), remark);
  }

  @Test
  void numbersPrintTheSameEverywhere() {
    assertEquals("7.5", SafeText.decimal(7.50, 2).toString());
    assertEquals("100", SafeText.decimal(100, 0).toString());
    assertEquals("0", SafeText.decimal(-0.001, 1).toString());
    assertEquals("12\u202f345", SafeText.grouped(12345).toString());
    assertThrows(CompilerBug.class, () -> SafeText.decimal(Double.NaN, 1));
  }

  @Test
  void unsafeNamesAreBugs() {
    assertThrows(CompilerBug.class, () -> SafeText.hardwareName("x; $finish"));
    assertThrows(CompilerBug.class, () -> SafeText.javaPackage("a.class"));
    assertThrows(CompilerBug.class, () -> SafeText.yosysCommand("synth; exec rm"));
    assertThrows(CompilerBug.class, () -> new GeneratedFiles.Builder().add("../x", "text").build());
  }

  /** A record that would let an unescaped name through. */
  public record Careless(List<String> name) {}

  /** A record that the template does not fit. */
  public record Unfitting(Remark other) {}

  @Test
  void templatesRefuseStringsAndUnknownVariables() {
    CompilerBug careless =
        assertThrows(
            CompilerBug.class,
            () -> Templates.render("driver/README.md.vm", new Careless(List.of("x"))));
    assertTrue(careless.getMessage().contains("not escaped"), careless.getMessage());
    assertThrows(
        CompilerBug.class,
        () -> Templates.render("driver/README.md.vm", new Unfitting(SafeText.remark("x"))));
  }
}
