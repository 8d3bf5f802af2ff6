// SPDX-License-Identifier: Apache-2.0
package dev.etch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Data flows down the layers of all modules and never back up. */
class ArchitectureTest {
  private static final String ROOT = "dev.etch.";

  /** The layers of compiler/core; each may use the layers above it. */
  private static final List<List<String>> CORE =
      List.of(
          List.of("diagnostic"),
          List.of("tensor"),
          List.of("op.requantization"),
          List.of("op"),
          List.of("graph"),
          List.of("pass", "reference"),
          List.of("importer", "hardware.arithmetic", "hardware.coding", "hardware.memory"),
          List.of("hardware.requantizer", "exporter"),
          List.of("hardware"),
          List.of("exact", "area"),
          List.of("optimize", "lower"),
          List.of("schedule"),
          List.of("text"),
          List.of("compressed"));

  /** The other modules, each a layer or two. */
  private static final List<List<String>> MODULES =
      List.of(
          List.of("hardware.verilog", "templates"),
          List.of("testbench"),
          List.of("compress.data", "compress.network"),
          List.of("compress.training"),
          List.of("compress.training.pytorch"),
          List.of("compress.prune"),
          List.of("compress.cluster", "compress.quantize", "compress.coding", "compress.factorize"),
          List.of("compress.recipe"),
          List.of("compress.recipe.text", "compress.search"),
          List.of("cli"));

  private static final List<List<String>> LAYERS =
      Stream.concat(CORE.stream(), MODULES.stream()).toList();

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("dev.etch");

  /** A package that is not in the list is in no rule, and one that is only in the list in none. */
  @Test
  void theLayersAreThePackagesOnDisk() throws IOException {
    Set<String> onDisk = new TreeSet<>();
    for (Path sources : sourceFolders()) {
      try (Stream<Path> files = Files.walk(sources)) {
        files
            .filter(file -> file.toString().matches(".*\\.(java|scala)"))
            .map(file -> sources.relativize(file.getParent()).toString().replace('/', '.'))
            .map(ArchitectureTest::layer)
            .forEach(onDisk::add);
      }
    }
    Set<String> listed = LAYERS.stream().flatMap(List::stream).collect(Collectors.toSet());
    assertEquals(new TreeSet<>(listed), onDisk);
  }

  @TestFactory
  List<DynamicTest> noLayerUsesALowerOne() {
    List<DynamicTest> tests = new ArrayList<>();
    for (int upper = 0; upper < LAYERS.size(); upper++) {
      for (String name : LAYERS.get(upper)) {
        Set<String> below = below(upper, name);
        if (!below.isEmpty()) {
          tests.add(layerTest(name, below));
        }
      }
    }
    return tests;
  }

  @Test
  void layersHaveNoCycles() {
    SlicesRuleDefinition.slices()
        .assignedFrom(
            new SliceAssignment() {
              @Override
              public SliceIdentifier getIdentifierOf(JavaClass type) {
                return SliceIdentifier.of(layer(type.getPackageName()));
              }

              @Override
              public String getDescription() {
                return "layers";
              }
            })
        .should()
        .beFreeOfCycles()
        .check(CLASSES);
  }

  @Test
  void coreStartsNoProcess() {
    Set<String> core = CORE.stream().flatMap(List::stream).collect(Collectors.toSet());
    ArchRuleDefinition.noClasses()
        .that(in(core))
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(ProcessBuilder.class, Process.class)
        .orShould()
        .dependOnClassesThat(
            DescribedPredicate.describe(
                "are Scala's", type -> type.getPackageName().matches("scala(\\..*)?")))
        .check(CLASSES);
  }

  /** {@code src/main} of every module that the parent POM lists. */
  private static List<Path> sourceFolders() throws IOException {
    Path root = Path.of(System.getProperty("etch.root"));
    List<Path> folders = new ArrayList<>();
    for (String line : Files.readAllLines(root.resolve("pom.xml"))) {
      if (line.strip().startsWith("<module>")) {
        Path main = root.resolve(line.replaceAll("</?module>", "").strip()).resolve("src/main");
        for (String language : List.of("java", "scala")) {
          if (Files.isDirectory(main.resolve(language))) {
            folders.add(main.resolve(language));
          }
        }
      }
    }
    return folders;
  }

  /** The layer that a package belongs to: the longest one listed that it is in, or its own name. */
  private static String layer(String packageName) {
    if (!packageName.startsWith(ROOT)) {
      return packageName;
    }
    String name = packageName.substring(ROOT.length());
    return LAYERS.stream()
        .flatMap(List::stream)
        .filter(layer -> name.equals(layer) || name.startsWith(layer + "."))
        .max(Comparator.comparingInt(String::length))
        .orElse(name);
  }

  private static Set<String> below(int upper, String name) {
    Set<String> below = new TreeSet<>();
    LAYERS.subList(upper, LAYERS.size()).forEach(below::addAll);
    below.remove(name);
    return below;
  }

  private static DynamicTest layerTest(String name, Set<String> forbidden) {
    return DynamicTest.dynamicTest(
        name,
        () ->
            ArchRuleDefinition.noClasses()
                .that(in(Set.of(name)))
                .should()
                .dependOnClassesThat(in(forbidden))
                .allowEmptyShould(false)
                .check(CLASSES));
  }

  private static DescribedPredicate<JavaClass> in(Set<String> layers) {
    return DescribedPredicate.describe(
        "are in " + layers, type -> layers.contains(layer(type.getPackageName())));
  }
}
