// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.area.Area;
import dev.etch.area.DesignArea;
import dev.etch.area.UnitAreas;
import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.graph.PartitionedModel;
import dev.etch.graph.Value;
import dev.etch.hardware.MatrixUnit;
import dev.etch.hardware.Target;
import dev.etch.hardware.Unit;
import dev.etch.hardware.WordSource;
import dev.etch.lower.DesignInterpreter;
import dev.etch.lower.LoweredModel;
import dev.etch.lower.Models;
import dev.etch.op.IntegerDense;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The search chooses where the words of matrices come from. */
class WordSourceSearchTest {
  private static final Target TARGET = Target.XC7;

  /** Memory blocks beyond the fewest that budgets leave. */
  private static final int MORE_BLOCKS = 3;

  private static List<MatrixUnit> matrices(ScheduledDesign design) {
    return design.lowered().design().units().stream()
        .filter(MatrixUnit.class::isInstance)
        .map(MatrixUnit.class::cast)
        .toList();
  }

  private static void computes(Models models, Value input, ScheduledDesign design) {
    LoweredModel lowered = design.lowered();
    IntegerTensor frame = models.frame(input);
    int[] result =
        DesignInterpreter.run(lowered.design(), lowered.input().order().toStream(frame.data()));
    assertArrayEquals(
        Models.evaluate(lowered.model().accelerator(), frame).data(),
        lowered.outputs().get(0).order().toTensor(result));
  }

  /** A code is taken where it saves blocks, and never costs cycles. */
  private static void paysForItself(MatrixUnit unit) {
    UnitAreas areas = new UnitAreas(TARGET);
    Area coded = areas.matrix(unit);
    Area plain = areas.matrix(unit.withPlainWords());
    assertTrue(coded.blocks() < plain.blocks(), coded + ", " + plain);
  }

  /** The design in the fewest memory blocks in which one is found, or in a few more. */
  private static ScheduledDesign tight(PartitionedModel model, int multipliers, int more) {
    for (int blocks = 1; ; blocks++) {
      try {
        schedule(model, multipliers, blocks);
        return schedule(model, multipliers, blocks + more);
      } catch (DiagnosticException tooFew) {
        assertTrue(tooFew.getMessage().contains("memory blocks"), tooFew.getMessage());
      }
    }
  }

  private static ScheduledDesign schedule(PartitionedModel model, int multipliers, int blocks) {
    Budget budget =
        new Budget.Resources(
            OptionalInt.of(multipliers), OptionalInt.empty(), OptionalInt.of(blocks));
    return Scheduler.schedule(
        model, Mapping.of(TARGET, Optional.of(budget)), new DiagnosticCollector());
  }

  @Test
  void randomNetworksDrawWordsAsTheyAreAndCodedOnes() {
    Set<WordSource> drawn = new HashSet<>();
    boolean ahead = false;
    for (int seed = 0; seed < 8; seed++) {
      Random random = new Random(seed);
      Models models = new Models(seed);
      int inputs = 200 + random.nextInt(200);
      int outputs = 40 * (2 + random.nextInt(5));
      double density = 0.1 + 0.1 * random.nextDouble();
      Value x = models.input(IntegerType.INT8, 1, inputs);
      Value w = models.skewed("w", density, outputs, inputs);
      Value sums = models.add("fc", new IntegerDense(0), x, w, models.biases("b", outputs));
      PartitionedModel model = models.model(models.requantize("q", sums, 1));
      int multipliers = 1 + random.nextInt(6);
      ScheduledDesign design = tight(model, multipliers, random.nextInt(MORE_BLOCKS));
      Budget.Resources budget = (Budget.Resources) design.mapping().budget().orElseThrow();
      Area area = DesignArea.of(design.lowered().design(), TARGET).total();
      assertEquals(List.of(), budget.shortages(area, TARGET));
      computes(models, x, design);
      for (MatrixUnit unit : matrices(design)) {
        drawn.add(unit.words());
        ahead |= unit.ahead();
        if (unit.words() == WordSource.CODED) {
          paysForItself(unit);
        }
      }
      // What was found is what the mapping says.
      ScheduledDesign again =
          Scheduler.schedule(model, design.mapping(), new DiagnosticCollector());
      assertEquals(names(design), names(again));
      assertEquals(design.lowered().design(), again.lowered().design());
    }
    assertEquals(Set.of(WordSource.ROM, WordSource.CODED), drawn);
    assertTrue(ahead);
  }

  private static List<String> names(ScheduledDesign design) {
    return design.lowered().design().units().stream().map(Unit::name).toList();
  }
}
