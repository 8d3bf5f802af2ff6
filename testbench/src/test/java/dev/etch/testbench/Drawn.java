// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import dev.etch.graph.Graph;
import dev.etch.graph.Node;
import dev.etch.graph.PartitionedModel;
import dev.etch.hardware.MatrixNetlist;
import dev.etch.hardware.MatrixUnit;
import dev.etch.hardware.Packing;
import dev.etch.hardware.Sum;
import dev.etch.hardware.Target;
import dev.etch.hardware.Unit;
import dev.etch.hardware.WindowUnit;
import dev.etch.hardware.WordSource;
import dev.etch.hardware.requantizer.Requantizer;
import dev.etch.lower.Folding;
import dev.etch.lower.Lowering;
import dev.etch.lower.ProductForm;
import dev.etch.lower.RescalingForm;
import dev.etch.op.requantization.Requantization;
import dev.etch.op.requantization.SumRequantization;
import dev.etch.schedule.Budget;
import dev.etch.schedule.ScheduledDesign;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Which operators, requantizations, units, hardware forms, folding options and budgets random
 * networks had, and how many networks each. What there is comes from the sealed types themselves,
 * so that a new kind that no network draws is missed.
 */
final class Drawn {
  /** Parts of a folding that are other than in the plainest one. */
  private static final Map<String, Predicate<Folding>> OPTIONS =
      Map.ofEntries(
          entry("block", f -> f.layout().block() > 1),
          entry("copies", f -> f.layout().copies() > 1),
          entry("clusters", f -> f.layout().clusters() > 1),
          entry("ports", f -> f.layout().ports() > 1),
          entry("group", f -> f.layout().group() > 1),
          entry("inputElements", f -> f.buffering().inputElements() > 1),
          entry("shared", f -> f.layout().isShared()),
          entry("ahead", f -> f.buffering().ahead()),
          entry("banked", f -> f.buffering().banked()),
          entry("logic", f -> f.products() == ProductForm.ADDERS),
          entry("scaling", f -> f.rescaling() == RescalingForm.MULTIPLIER));

  private static Map.Entry<String, Predicate<Folding>> entry(String name, Predicate<Folding> has) {
    return Map.entry(name, has);
  }

  private static final String LOADED = "weights: loaded";
  private static final String BUFFERED = "two buffers of loaded weights";
  private static final String LOADED_CODE = "weights: loaded as coded words";
  private static final String LOADED_OUTSIDE = "weights: loaded as coded words outside";
  private static final String WINDOW_OUTSIDE = "words: EXTERNAL, of a window";
  private static final String BUS = "bits of the bus: ";
  private static final String MATRIX_BEAT = "elements of a matrix's beat: ";
  private static final String SEVERAL_OUTPUTS = "several outputs";
  private static final String OUTPUT_READ_ON = "an output that a layer reads too";
  private static final String CODEBOOK = "words: indices of a codebook";
  private static final String ARRAY = "folding: array";
  private static final String REORDER = "folding: reorder";
  private static final String COMMON_WEIGHTS = "folding: several elements a multiplier";
  private static final String PACKED_PRODUCTS = "folding: several products a multiplier";

  private final Map<String, Integer> counts = new TreeMap<>();

  /** Everything that can be drawn. */
  static Set<String> all() {
    Set<String> all =
        new TreeSet<>(
            Set.of(
                LOADED,
                LOADED_CODE,
                LOADED_OUTSIDE,
                WINDOW_OUTSIDE,
                BUFFERED,
                SEVERAL_OUTPUTS,
                OUTPUT_READ_ON,
                CODEBOOK,
                ARRAY,
                REORDER,
                PACKED_PRODUCTS,
                COMMON_WEIGHTS));
    Lowering.operators().forEach(op -> all.add("operator: " + op.getSimpleName()));
    kinds("requantization", Requantization.class, all);
    kinds("sum", SumRequantization.class, all);
    kinds("unit", Unit.class, all);
    kinds("requantizer", Requantizer.class, all);
    kinds("adder", Sum.class, all);
    Arrays.stream(WordSource.values()).forEach(source -> all.add("words: " + source));
    RandomFoldings.BUSES.forEach(bits -> all.add(BUS + bits));
    RandomFoldings.MATRIX_BEATS.forEach(elements -> all.add(MATRIX_BEAT + elements));
    Arrays.stream(WindowUnit.Operation.values()).forEach(o -> all.add("window: " + o));
    kinds("budget", Budget.class, all);
    Arrays.stream(Target.values()).forEach(t -> all.add("target: " + t));
    OPTIONS.keySet().forEach(option -> all.add("folding: " + option));
    return all;
  }

  private static void kinds(String what, Class<?> sealed, Set<String> all) {
    for (Class<?> kind : sealed.getPermittedSubclasses()) {
      all.add(what + ": " + kind.getSimpleName());
    }
  }

  /** Notes a network and its design, and returns what they have. */
  Set<String> add(PartitionedModel model, ScheduledDesign design) {
    Set<String> seen = new TreeSet<>();
    for (Node node : model.accelerator().nodes()) {
      seen.add("operator: " + node.op().getClass().getSimpleName());
      addParts(node.op(), seen);
    }
    for (Unit unit : design.lowered().design().units()) {
      seen.add("unit: " + unit.getClass().getSimpleName());
      addParts(unit, seen);
      if (unit.name().startsWith("reorder")) {
        seen.add(REORDER);
      }
      if (unit instanceof MatrixUnit matrix) {
        seen.add("words: " + matrix.words());
        seen.add(MATRIX_BEAT + matrix.beatElements());
        matrix.memory().ifPresent(memory -> seen.add(BUS + memory.dataBits()));
        if (matrix.memory().isPresent() && matrix.program().room().isPresent()) {
          seen.add(LOADED_OUTSIDE);
        }
        MatrixNetlist.of(matrix).codebook().ifPresent(codebook -> seen.add(CODEBOOK));
      }
      if (unit instanceof WindowUnit window) {
        addWindow(window, design.mapping().layers().get(window.layer()), seen);
      }
    }
    if (!design.lowered().design().arrays().isEmpty()) {
      seen.add(ARRAY);
    }
    if (design.mapping().reload().isPresent()) {
      seen.add(LOADED);
    }
    if (design.lowered().design().buffers() > 1) {
      seen.add(BUFFERED);
    }
    if (loadsCode(design)) {
      seen.add(LOADED_CODE);
    }
    addOutputs(model.accelerator(), seen);
    seen.add("target: " + design.mapping().target());
    design
        .mapping()
        .budget()
        .ifPresent(budget -> seen.add("budget: " + budget.getClass().getSimpleName()));
    seen.forEach(kind -> counts.merge(kind, 1, Integer::sum));
    return seen;
  }

  private static void addOutputs(Graph graph, Set<String> seen) {
    if (graph.outputs().size() > 1) {
      seen.add(SEVERAL_OUTPUTS);
    }
    if (graph.outputs().stream().anyMatch(graph.consumers()::containsKey)) {
      seen.add(OUTPUT_READ_ON);
    }
  }

  /** Whether coded words of other weights can be loaded: cycles depend on them. */
  static boolean loadsCode(ScheduledDesign design) {
    return design.lowered().design().units().stream()
        .anyMatch(unit -> unit instanceof MatrixUnit matrix && matrix.program().room().isPresent());
  }

  private static void addWindow(WindowUnit window, Folding folding, Set<String> seen) {
    seen.add("window: " + window.operation());
    window
        .memory()
        .ifPresent(
            memory -> {
              seen.add(WINDOW_OUTSIDE);
              seen.add(BUS + memory.dataBits());
            });
    seen.add("words: " + folding.words());
    if (window.packing().common() == Packing.Common.WEIGHT) {
      seen.add(COMMON_WEIGHTS);
    }
    if (window.packing().products() > 1) {
      seen.add(PACKED_PRODUCTS);
    }
    OPTIONS.forEach(
        (option, isChosen) -> {
          if (isChosen.test(folding)) {
            seen.add("folding: " + option);
          }
        });
  }

  /** The requantizations and hardware forms among the components of a record. */
  private static void addParts(Object record, Set<String> seen) {
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      Object value = value(record, component);
      Collection<?> values = value instanceof Collection<?> several ? several : List.of(value);
      for (Object part : values) {
        addPart(part, seen);
      }
    }
  }

  private static Object value(Object record, RecordComponent component) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  private static void addPart(Object part, Set<String> seen) {
    Map<Class<?>, String> interesting =
        Map.of(
            Requantization.class, "requantization",
            SumRequantization.class, "sum",
            Requantizer.class, "requantizer",
            Sum.class, "adder");
    interesting.forEach(
        (type, what) -> {
          if (type.isInstance(part)) {
            seen.add(what + ": " + part.getClass().getSimpleName());
          }
        });
  }

  /** What no network had. */
  Set<String> missing() {
    Set<String> missing = all();
    missing.removeAll(counts.keySet());
    return missing;
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("networks that had\n");
    counts.forEach((kind, count) -> text.append("  %5d %s%n".formatted(count, kind)));
    return text.toString();
  }
}
