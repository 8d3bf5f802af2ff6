// SPDX-License-Identifier: Apache-2.0
package dev.etch;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Data flows down the layers and never back up. */
class ArchitectureTest {
  /** Each layer may use the layers above it in this list. */
  private static final List<List<String>> LAYERS =
      List.of(
          List.of("diagnostic"),
          List.of("tensor"),
          List.of("op"),
          List.of("graph"),
          List.of("pass", "reference"),
          List.of("importer", "compress", "hardware"),
          List.of("exact", "area"),
          List.of("optimize", "lower"),
          List.of("schedule"),
          List.of("text"));

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.etch");

  @TestFactory
  List<DynamicTest> noLayerUsesALowerOne() {
    List<DynamicTest> tests = new ArrayList<>();
    for (int upper = 0; upper < LAYERS.size(); upper++) {
      for (String name : LAYERS.get(upper)) {
        tests.add(layerTest(name, below(upper, name)));
      }
    }
    return tests;
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.etch.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void coreStartsNoProcess() {
    ArchRuleDefinition.noClasses()
        .should()
        .dependOnClassesThat()
        .belongToAnyOf(ProcessBuilder.class, Process.class)
        .orShould()
        .dependOnClassesThat(in("scala"))
        .check(CLASSES);
  }

  private static List<String> below(int upper, String name) {
    List<String> below = new ArrayList<>();
    LAYERS.subList(upper, LAYERS.size()).forEach(below::addAll);
    below.remove(name);
    return below;
  }

  private static DynamicTest layerTest(String name, List<String> forbidden) {
    return DynamicTest.dynamicTest(
        name,
        () -> {
          for (String lower : forbidden) {
            ArchRuleDefinition.noClasses()
                .that()
                .resideInAPackage("dev.etch." + name + "..")
                .should()
                .dependOnClassesThat(in("dev.etch." + lower))
                .allowEmptyShould(true)
                .check(CLASSES);
          }
        });
  }

  private static DescribedPredicate<JavaClass> in(String packageName) {
    return DescribedPredicate.describe(
        "in " + packageName,
        c ->
            c.getPackageName().equals(packageName)
                || c.getPackageName().startsWith(packageName + "."));
  }
}
