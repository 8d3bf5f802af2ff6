// SPDX-License-Identifier: Apache-2.0
package dev.etch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.etch.op.Op;
import dev.etch.op.OperatorTable;
import dev.etch.op.Operators;
import java.lang.reflect.Field;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every layer of all modules that treats operators one by one has a table, in which it says of each
 * operator what it does with it, or why nothing.
 */
class OperatorTablesTest {
  /** The layers, so that none goes back to a list of what it knows. */
  private static final Set<String> LAYERS =
      Set.of(
          "ChannelRules",
          "HostProgram",
          "IntegerizeQuantizedOperators",
          "KernelSelection",
          "Kernels",
          "LayerPlan",
          "Lowering",
          "MultiplyAccumulates",
          "OnnxOperators",
          "Partition",
          "PyTorchOperators",
          "RangeAnalysis",
          "SpatialReader",
          "UnequalSums");

  private static final List<JavaField> TABLES =
      new ClassFileImporter()
              .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
              .importPackages("dev.etch")
              .stream()
              .map(JavaClass::getFields)
              .flatMap(Set::stream)
              .filter(field -> field.getRawType().isEquivalentTo(OperatorTable.class))
              .toList();

  @Test
  void everyLayerHasATable() {
    Set<String> owners =
        TABLES.stream()
            .map(field -> field.getOwner().getSimpleName())
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(new TreeSet<>(LAYERS), owners);
  }

  @TestFactory
  List<DynamicTest> everyTableNamesEveryOperator() {
    return TABLES.stream()
        .map(
            field ->
                DynamicTest.dynamicTest(
                    field.getOwner().getSimpleName(), () -> namesEveryOperator(read(field))))
        .toList();
  }

  private static void namesEveryOperator(OperatorTable<?> table) {
    Set<Class<? extends Op>> named = new HashSet<>(table.operators());
    named.addAll(table.reasons().keySet());
    assertEquals(new HashSet<>(Operators.all()), named);
  }

  /** A table that leaves an operator out cannot be made: what it lacks is the cause. */
  private static OperatorTable<?> read(JavaField field) throws IllegalAccessException {
    Field table = field.reflect();
    table.setAccessible(true);
    try {
      return (OperatorTable<?>) table.get(null);
    } catch (ExceptionInInitializerError e) {
      throw new AssertionError(e.getCause().getMessage(), e);
    }
  }
}
