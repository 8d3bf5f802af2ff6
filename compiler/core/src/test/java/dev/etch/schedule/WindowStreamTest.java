// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.graph.PartitionedModel;
import dev.etch.hardware.ExternalMemory;
import dev.etch.hardware.MemoryMap;
import dev.etch.hardware.Netlist;
import dev.etch.hardware.ScheduleColumns.Column;
import dev.etch.hardware.Target;
import dev.etch.hardware.WindowNetlist;
import dev.etch.hardware.WindowStream;
import dev.etch.hardware.WindowUnit;
import dev.etch.hardware.WordSource;
import dev.etch.hardware.memory.MemoryUse;
import dev.etch.lower.Addressing;
import dev.etch.lower.Buffering;
import dev.etch.lower.Folding;
import dev.etch.lower.LaneLayout;
import dev.etch.lower.SharedLayers;
import dev.etch.optimize.StandardPasses;
import dev.etch.text.GraphParser;
import dev.etch.text.MappingParser;
import dev.etch.text.MappingPrinter;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The words of a convolution's schedule in a memory outside. */
class WindowStreamTest {
  private static PartitionedModel model() {
    Random random = new Random(6);
    List<Integer> weights =
        IntStream.range(0, 8 * 3 * 9).map(i -> random.nextInt(255) - 127).boxed().toList();
    String text =
        """
        graph "window"
        input %%x : int8[1, 3, 10, 10]
        %%w = constant() {weights = DenseWeights{tensor = int8[8, 3, 3, 3] %s}} : int8[8, 3, 3, 3]
        %%s = integerConv2d(%%x, %%w) {window = Window{kernelHeight = 3, kernelWidth = 3, strideHeight = 1, strideWidth = 1, dilationHeight = 1, dilationWidth = 1, padTop = 0, padLeft = 0, padBottom = 0, padRight = 0}, layout = NCHW, groups = 1, inputZeroPoint = 0} : int32[1, 8, 8, 8] named "conv"
        %%y = requantize(%%s) {channels = [ScaleThenRound{scale = 0.002, zeroPoint = 0, low = -128, high = 127}], channelAxis = 1, output = int8} : int8[1, 8, 8, 8]
        output %%y
        """
            .formatted(weights);
    return StandardPasses.prepare(GraphParser.parse("w.etch", text), new DiagnosticCollector());
  }

  private static Folding folding(int block, int clusters, int ports) {
    LaneLayout layout = new LaneLayout(block, 1, clusters, ports, 1, Addressing.OWN);
    return Folding.plain(layout, new Buffering(1, true, false)).withWords(WordSource.EXTERNAL);
  }

  private static Mapping mapping(Folding folding, int dataBits) {
    return Mapping.of(Target.GENERIC, Optional.of(new Budget.Multipliers(40)))
        .withMemory(ExternalMemory.STANDARD.withDataBits(dataBits))
        .withLayers(Map.of("conv", folding));
  }

  private static ScheduledDesign schedule(Mapping mapping) {
    return Scheduler.schedule(model(), mapping, new DiagnosticCollector());
  }

  private static WindowUnit window(ScheduledDesign design) {
    return design.lowered().design().units().stream()
        .filter(WindowUnit.class::isInstance)
        .map(WindowUnit.class::cast)
        .findFirst()
        .orElseThrow();
  }

  /** What the hardware takes of the beats are the entries of the columns, slot by slot. */
  @ParameterizedTest
  @CsvSource({"1, 1, 1, 64", "1, 2, 2, 64", "2, 4, 4, 64", "1, 1, 1, 512", "1, 8, 1, 128"})
  void hasTheEntriesOfTheColumns(int block, int clusters, int ports, int dataBits) {
    ScheduledDesign design = schedule(mapping(folding(block, clusters, ports), dataBits));
    WindowUnit unit = window(design);
    WindowNetlist netlist = WindowNetlist.of(unit);
    WindowStream stream = netlist.stream().orElseThrow();
    List<BigInteger> beats = stream.beats();
    assertTrue(stream.beatsOfWord() == 1 || stream.wordsOfBeat() == 1);
    assertEquals(0, beats.size() % stream.beatsOfRun());
    int at = 0;
    for (int run = 0; run < beats.size() / stream.beatsOfRun(); run++) {
      for (int slot = 0; slot < stream.words(); slot++) {
        BigInteger whole = BigInteger.ZERO;
        for (int beat = stream.beatsOfWord() - 1; beat >= 0; beat--) {
          assertTrue(beats.get(at + beat).bitLength() <= dataBits);
          whole = whole.shiftLeft(dataBits).or(beats.get(at + beat));
        }
        int place = slot % stream.wordsOfBeat();
        BigInteger word = whole.shiftRight(place * stream.wordBits());
        for (Column field : stream.fields()) {
          BigInteger mask = BigInteger.ONE.shiftLeft(field.width()).subtract(BigInteger.ONE);
          assertEquals(
              BigInteger.valueOf(field.entries()[slot]).and(mask),
              word.shiftRight(stream.start(field)).and(mask),
              field.name());
        }
        boolean ends = place == stream.wordsOfBeat() - 1 || slot == stream.words() - 1;
        at += ends ? stream.beatsOfWord() : 0;
      }
    }
    assertEquals(beats.size(), at);
    MemoryMap map = MemoryMap.of(design.lowered().design()).orElseThrow();
    long traffic = (long) unit.walk().pixels() * stream.beatsOfRun();
    assertEquals(traffic, map.regions().get(0).words().beatsPerFrame());
    assertTrue(design.prediction().cyclesPerFrame() >= traffic);
  }

  /** Only what drains do stays on the chip. */
  @Test
  void takesAllButDrainsOutOfTheChip() {
    WindowUnit unit = window(schedule(mapping(folding(1, 2, 2), 64)));
    assertTrue(
        Netlist.memories(unit).stream()
            .allMatch(
                memory ->
                    memory.widths().keySet().stream()
                        .noneMatch(use -> use == MemoryUse.WEIGHTS || use == MemoryUse.POSITIONS)));
    long read =
        Netlist.memories(unit.withMemory(Optional.empty())).stream()
            .filter(memory -> memory.widths().containsKey(MemoryUse.WEIGHTS))
            .count();
    assertTrue(read > 0);
  }

  /** A wider bus takes no more cycles; one that is fast enough takes those of the schedule. */
  @Test
  void widerBusesAreNotSlower() {
    long before = Long.MAX_VALUE;
    for (int dataBits : new int[] {64, 128, 256, 512}) {
      long cycles = schedule(mapping(folding(1, 4, 4), dataBits)).prediction().cyclesPerFrame();
      assertTrue(cycles <= before, dataBits + ": " + cycles);
      before = cycles;
    }
    Folding inside = folding(1, 4, 4).withWords(WordSource.ROM);
    long onChip = schedule(mapping(inside, 512)).prediction().cyclesPerFrame();
    assertTrue(onChip <= before && before <= onChip + onChip / 10, onChip + " and " + before);
  }

  @Test
  void isReproducedByTheMapping() {
    ScheduledDesign design = schedule(mapping(folding(1, 2, 1), 128));
    String printed = MappingPrinter.print(design.mapping());
    assertTrue(printed.contains("weights = EXTERNAL"), printed);
    ScheduledDesign again = schedule(MappingParser.parse("mapping.etch", printed));
    assertEquals(design.lowered().design().units(), again.lowered().design().units());
    assertEquals(design.prediction(), again.prediction());
  }

  @Test
  void arraysAndLoadedWeightsAreRefused() {
    Mapping shared =
        mapping(folding(1, 2, 1), 64)
            .withArrays(List.of(new SharedLayers(List.of("conv", "other"), Optional.empty())));
    assertRefused("its words come from outside", shared);
    assertRefused(
        "the words of a window from outside are constants",
        mapping(folding(1, 2, 1), 64).withReload(new Reload(1)));
  }

  private static void assertRefused(String why, Mapping mapping) {
    DiagnosticException e = assertThrows(DiagnosticException.class, () -> schedule(mapping));
    assertTrue(e.getMessage().contains(why), e.getMessage());
  }
}
