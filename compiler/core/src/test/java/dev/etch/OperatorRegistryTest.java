// SPDX-License-Identifier: Apache-2.0
package dev.etch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.etch.importer.onnx.operator.OperatorRegistry;
import dev.etch.lower.Lowering;
import dev.etch.op.ArgMax;
import dev.etch.op.BilinearResize2d;
import dev.etch.op.Concat;
import dev.etch.op.Constant;
import dev.etch.op.IntegerConv2d;
import dev.etch.op.IntegerDense;
import dev.etch.op.IntegerMultiply;
import dev.etch.op.IntegerSumPool2d;
import dev.etch.op.Lookup;
import dev.etch.op.MaxPool2d;
import dev.etch.op.NearestResize2d;
import dev.etch.op.Op;
import dev.etch.op.Operators;
import dev.etch.op.Pad;
import dev.etch.op.QuantizedAdd;
import dev.etch.op.QuantizedSoftmax;
import dev.etch.op.Requantize;
import dev.etch.op.Reshape;
import dev.etch.op.Slice;
import dev.etch.op.TableSoftmax;
import dev.etch.op.Transpose;
import dev.etch.optimize.integer.IntegerizeQuantizedOperators;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Walks the {@link Operators} and demands that each is made by a reader, and becomes hardware or
 * says why not. Who makes what is read from the classes themselves. The same walk writes {@code
 * docs/operators.md} with {@code -Detch.bless=true}. That end-to-end tests meet every operator that
 * becomes hardware is a test beside them, in the module testbench.
 */
class OperatorRegistryTest {
  private static final Path PAGE = Path.of(System.getProperty("etch.root"), "docs", "operators.md");

  /** What becomes of an operator in hardware; exactly those that have a lowering. */
  private static final Map<Class<? extends Op>, String> HARDWARE =
      Map.ofEntries(
          Map.entry(ArgMax.class, "ArgMaxUnit"),
          Map.entry(BilinearResize2d.class, "WindowUnit"),
          Map.entry(Concat.class, "ConcatUnit"),
          Map.entry(Constant.class, "weights in the WindowUnit's memories"),
          Map.entry(IntegerConv2d.class, "WindowUnit"),
          Map.entry(IntegerDense.class, "WindowUnit, or MatrixUnit and MapUnit"),
          Map.entry(IntegerMultiply.class, "MultiplyUnit"),
          Map.entry(IntegerSumPool2d.class, "WindowUnit"),
          Map.entry(Lookup.class, "MapUnit with a table"),
          Map.entry(MaxPool2d.class, "WindowUnit"),
          Map.entry(NearestResize2d.class, "SelectUnit"),
          Map.entry(Pad.class, "padding of the next WindowUnit, or one of its own"),
          Map.entry(QuantizedAdd.class, "AddUnit"),
          Map.entry(QuantizedSoftmax.class, "SoftmaxUnit; on the host where no layer follows"),
          Map.entry(TableSoftmax.class, "SoftmaxUnit; on the host where no layer follows"),
          Map.entry(Requantize.class, "requantizer of the WindowUnit before it, or MapUnit"),
          Map.entry(Reshape.class, "none: another order of the frame"),
          Map.entry(Slice.class, "SelectUnit"),
          Map.entry(Transpose.class, "none: another order of the frame"));

  /** What {@link Lowering} says of operators that the integer rewrite replaces. */
  private static final String INTEGER_FORM = "its integer form, between quantizations";

  /** What all readers work with: constants, and the Reshape that lifts 1-D operators to 2-D. */
  private static final Set<String> FOR_ALL_READERS =
      Set.of("NodeContext", "OperatorContext", "Scope", "Spatial", "TensorScope");

  /** Made by {@link #FOR_ALL_READERS}. */
  private static final Set<Class<? extends Op>> MADE_FOR_ALL = Set.of(Constant.class);

  private static final String HEAD =
      """
      # Operators

      Every operator of the graph, what it is read from, and what it becomes in hardware. Generated from the operators,
      readers and lowerings themselves; a test (`OperatorRegistryTest`) keeps it equal. What the readers accept in
      detail: [ONNX](onnx-operators.md), [TFLite](tflite-operators.md). Operators that are not here fold away when they
      are read.

      | operator | from ONNX | from TFLite | hardware |
      | --- | --- | --- | --- |
      """;

  private static final JavaClasses IMPORTERS =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.etch.importer");

  @Test
  void everyOperatorBecomesHardwareOrSaysWhyNot() {
    assertEquals(HARDWARE.keySet(), Lowering.operators());
    Lowering.reasons()
        .forEach(
            (op, reason) ->
                assertTrue(
                    !reason.equals(INTEGER_FORM)
                        || IntegerizeQuantizedOperators.operators().contains(op),
                    op.getSimpleName()));
  }

  @Test
  void everyOperatorIsMadeByAReader() {
    Set<Class<? extends Op>> without = new HashSet<>(Operators.all());
    without.removeIf(op -> !onnx(op).isEmpty() || !tflite(op).isEmpty());
    assertEquals(MADE_FOR_ALL, without);
  }

  @Test
  void documentationEqualsTheWalk() throws IOException {
    StringBuilder table = new StringBuilder(HEAD);
    for (Class<? extends Op> op : Operators.all()) {
      table.append("| ").append(op.getSimpleName()).append(" | ").append(join(onnx(op)));
      table.append(" | ").append(join(tflite(op))).append(" | ").append(hardware(op));
      table.append(" |\n");
    }
    if (Boolean.getBoolean("etch.bless")) {
      Files.writeString(PAGE, table);
    }
    assertEquals(table.toString(), Files.readString(PAGE));
  }

  private static String hardware(Class<? extends Op> op) {
    return HARDWARE.getOrDefault(op, Lowering.reasons().get(op));
  }

  private static Set<String> onnx(Class<? extends Op> op) {
    return OperatorRegistry.entries().stream()
        .filter(entry -> makes(entry.reader().getClass(), op))
        .map(OperatorRegistry.Entry::operator)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> tflite(Class<? extends Op> op) {
    return dev.etch.importer.tflite.operator.OperatorRegistry.all().entrySet().stream()
        .filter(entry -> makes(entry.getValue().getClass(), op))
        .map(entry -> entry.getKey().toString())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Whether a reader makes an operator, itself or through what it calls in the importer. */
  private static boolean makes(Class<?> reader, Class<? extends Op> op) {
    Set<JavaCodeUnit> reached = new HashSet<>();
    Deque<JavaCodeUnit> open = new ArrayDeque<>();
    IMPORTERS.get(reader).getMethods().stream()
        .filter(method -> method.getName().equals("read"))
        .forEach(open::add);
    while (!open.isEmpty()) {
      JavaCodeUnit unit = open.pop();
      if (!reached.add(unit)) {
        continue;
      }
      if (unit.getAccessesFromSelf().stream().anyMatch(access -> isMaking(access, op))) {
        return true;
      }
      unit.getCallsFromSelf().stream()
          .filter(call -> IMPORTERS.contain(call.getTargetOwner().getName()))
          .filter(call -> !FOR_ALL_READERS.contains(call.getTargetOwner().getSimpleName()))
          .forEach(call -> call.getTarget().resolveMember().ifPresent(open::add));
    }
    return false;
  }

  private static boolean isMaking(JavaAccess<?> access, Class<? extends Op> op) {
    return access.getTargetOwner().isEquivalentTo(op)
        && (access.getTarget().getName().equals("<init>")
            || Arrays.stream(op.getDeclaredMethods())
                .anyMatch(
                    m ->
                        m.getReturnType() == op
                            && m.getName().equals(access.getTarget().getName())));
  }

  private static String join(Set<String> names) {
    return String.join(", ", names);
  }
}
