// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.area.DesignArea;
import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Value;
import dev.etch.hardware.Target;
import dev.etch.hardware.WordSource;
import dev.etch.hardware.memory.MemoryBits;
import dev.etch.lower.Addressing;
import dev.etch.lower.Buffering;
import dev.etch.lower.Folding;
import dev.etch.lower.LaneLayout;
import dev.etch.lower.Models;
import dev.etch.op.IntegerConv2d;
import dev.etch.op.IntegerDense;
import dev.etch.op.Layout;
import dev.etch.op.Window;
import dev.etch.tensor.IntegerType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CompressionWorthTest {
  private static final int LANES = 4;
  private static final int VALUES = 100;
  private static final double SPARSE = 0.15;
  private static final double FULL = 1;

  private record Compiled(ScheduledDesign design, DesignArea area, CompressionWorth worth) {
    List<FormCost> layer() {
      return worth.layers().get(0).forms();
    }

    UnitStatistics unit() {
      return design.statistics().stream()
          .filter(UnitStatistics::hasWeights)
          .findFirst()
          .orElseThrow();
    }
  }

  private static Compiled compile(Models models, Value sums, Target target, Folding folding) {
    Mapping mapping = Mapping.of(target, Optional.empty()).withLayers(Map.of("layer", folding));
    ScheduledDesign design =
        Scheduler.schedule(
            models.model(models.requantize("r", sums, 1)), mapping, new DiagnosticCollector());
    DesignArea area = DesignArea.of(design.lowered().design(), target);
    return new Compiled(design, area, CompressionWorth.of(design, area));
  }

  private static Compiled dense(int values, double density, Target target, Folding folding) {
    Models models = new Models(3);
    Value x = models.input(IntegerType.INT8, 1, 64);
    Value w = models.clustered("w", values, density, 24, 64);
    return compile(models, models.add("layer", new IntegerDense(0), x, w), target, folding);
  }

  private static Compiled convolution(double density, Folding folding) {
    Models models = new Models(4);
    Value x = models.input(IntegerType.INT8, 1, 6, 9, 10);
    Value w = models.clustered("w", VALUES, density, 8, 6, 3, 3);
    Window window = Window.of(3, 3);
    Value y = models.add("layer", new IntegerConv2d(window, Layout.NCHW, 1, 0), x, w);
    return compile(models, y, Target.GENERIC, folding);
  }

  private static Folding folding(
      int block, int clusters, int ports, int group, Addressing addressing) {
    LaneLayout layout = new LaneLayout(block, 1, clusters, ports, group, addressing);
    return Folding.plain(layout, Buffering.LEAST);
  }

  private static void comparePlain(Compiled sparse, Compiled full) {
    FormCost plain = sparse.layer().get(0);
    assertEquals(CompressionForm.PLAIN, plain.form());
    assertEquals(full.unit().cyclesPerFrame(), plain.cycles());
    MemoryBits bits = full.unit().bits();
    assertTrue(plain.bits() >= bits.weights(), plain + ", " + bits);
    assertTrue(plain.bits() <= bits.weights() + bits.positions(), plain + ", " + bits);
    assertEquals(1, full.layer().size());
    FormCost skipped = sparse.layer().get(1);
    assertEquals(CompressionForm.ZEROS_SKIPPED, skipped.form());
    assertBuilt(skipped, sparse);
    assertEquals(sparse.worth().all(), sparse.layer());
  }

  private static void assertBuilt(FormCost cost, Compiled compiled) {
    UnitStatistics unit = compiled.unit();
    assertEquals(unit.cyclesPerFrame(), cost.cycles());
    assertEquals(unit.bits().schedule(), cost.bits());
    assertEquals(compiled.area().units().get(unit.name()), cost.area());
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1, 1, OWN",
    "1, 1, 3, 1, OWN",
    "1, 2, 2, 1, OWN",
    "1, 1, 2, 4, SHARED",
    "1, 1, 4, 1, BROADCAST"
  })
  void denseLayersTakeWhatTheSameLayerWithoutZerosTakes(
      int block, int clusters, int ports, int group, Addressing addressing) {
    Folding folding = folding(block, clusters, ports, group, addressing);
    comparePlain(
        dense(VALUES, SPARSE, Target.GENERIC, folding),
        dense(VALUES, FULL, Target.GENERIC, folding));
  }

  @ParameterizedTest
  @CsvSource({"1, 1, 1", "1, 2, 3", "2, 1, 4", "4, 2, 3"})
  void convolutionsTakeWhatTheSameLayerWithoutZerosTakes(int block, int clusters, int ports) {
    Folding folding = folding(block, clusters, ports, 1, Addressing.OWN);
    comparePlain(convolution(SPARSE, folding), convolution(FULL, folding));
  }

  @Test
  void codedWordsBeginAsPlainOnesWithIndices() {
    Folding plain = folding(1, 1, LANES, 1, Addressing.BROADCAST);
    Compiled rom = dense(4, SPARSE, Target.GENERIC, plain);
    assertEquals(
        List.of(CompressionForm.PLAIN, CompressionForm.ZEROS_SKIPPED, CompressionForm.CODEBOOK),
        rom.layer().stream().map(FormCost::form).toList());
    assertBuilt(rom.layer().get(2), rom);
    // Four weights of 8 bits, and 0 where a lane only moves on: indices have 3 bits.
    long steps = rom.unit().bits().weights() / LANES / 3;
    assertEquals(LANES * 5 * 8, rom.unit().bits().codebook());
    assertEquals(
        rom.layer().get(2).bits() + LANES * (steps * (8 - 3) - 5 * 8), rom.layer().get(1).bits());
    for (WordSource words : List.of(WordSource.CODED, WordSource.PACKED)) {
      Compiled coded = dense(4, SPARSE, Target.GENERIC, plain.withWords(words));
      assertEquals(rom.layer(), coded.layer().subList(0, 3));
      assertEquals(4, coded.layer().size());
      assertEquals(CompressionForm.CODED, coded.layer().get(3).form());
      assertBuilt(coded.layer().get(3), coded);
    }
  }

  @Test
  void productsThatShareMultipliersTakeFewerBlocks() {
    Folding folding = folding(1, 1, 2, 4, Addressing.SHARED);
    Compiled xc7 = dense(VALUES, SPARSE, Target.XC7, folding);
    assertEquals(
        List.of(
            CompressionForm.PLAIN,
            CompressionForm.ZEROS_SKIPPED,
            CompressionForm.SHARED_MULTIPLIERS),
        xc7.layer().stream().map(FormCost::form).toList());
    assertEquals(8, xc7.layer().get(1).area().wholeMultipliers());
    assertEquals(4, xc7.layer().get(2).area().wholeMultipliers());
    assertBuilt(xc7.layer().get(2), xc7);
  }
}
