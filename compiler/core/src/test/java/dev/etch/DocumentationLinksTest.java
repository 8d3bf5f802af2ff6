// SPDX-License-Identifier: Apache-2.0
package dev.etch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every relative link of the documentation leads to a file. */
class DocumentationLinksTest {
  private static final Path ROOT = Path.of(System.getProperty("etch.root"));
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)\\s]+)\\)");

  @Test
  void relativeLinksLeadSomewhere() throws IOException {
    List<String> dead = new ArrayList<>();
    for (Path page : pages()) {
      Matcher link = LINK.matcher(Files.readString(page));
      while (link.find()) {
        String target = link.group(1).replaceFirst("#.*", "");
        boolean external = target.contains("://") || target.startsWith("mailto:");
        if (!external && !Files.exists(page.resolveSibling(target).normalize())) {
          dead.add(ROOT.relativize(page) + " -> " + link.group(1));
        }
      }
    }
    assertEquals(List.of(), dead);
  }

  @Test
  void namedTestClassesExist() throws IOException {
    Pattern name = Pattern.compile("`([A-Z][A-Za-z0-9]*Test)`");
    List<String> sources;
    try (Stream<Path> files = Files.walk(ROOT)) {
      sources =
          files
              .map(file -> file.getFileName().toString())
              .filter(file -> file.endsWith("Test.java") || file.endsWith("Test.scala"))
              .map(file -> file.replaceFirst("[.].*", ""))
              .toList();
    }
    List<String> unknown = new ArrayList<>();
    for (Path page : pages()) {
      Matcher test = name.matcher(Files.readString(page));
      while (test.find()) {
        if (!sources.contains(test.group(1))) {
          unknown.add(ROOT.relativize(page) + ": " + test.group(1));
        }
      }
    }
    assertEquals(List.of(), unknown);
  }

  private static List<Path> pages() throws IOException {
    List<Path> pages = new ArrayList<>();
    try (Stream<Path> top = Files.list(ROOT);
        Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
      Stream.concat(top, docs).filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
    }
    assertTrue(pages.size() > 5, "the documentation is not where it was");
    return pages;
  }
}
