// SPDX-License-Identifier: Apache-2.0
package dev.etch.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.area.Area;
import dev.etch.area.DesignArea;
import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.graph.PartitionedModel;
import dev.etch.hardware.Design;
import dev.etch.hardware.LoadMap;
import dev.etch.hardware.LoadedWords;
import dev.etch.hardware.Program;
import dev.etch.hardware.Target;
import dev.etch.hardware.WordSource;
import dev.etch.lower.Folding;
import dev.etch.lower.LoadableWeights;
import dev.etch.lower.MacProblem;
import dev.etch.lower.MacProblem.Copies;
import dev.etch.lower.MacProblem.Term;
import dev.etch.lower.ScheduleRoom;
import dev.etch.optimize.StandardPasses;
import dev.etch.tensor.IntegerType;
import dev.etch.text.DesignParser;
import dev.etch.text.DesignPrinter;
import dev.etch.text.GraphParser;
import dev.etch.text.MappingParser;
import dev.etch.text.MappingPrinter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoadedSchedulesTest {
  private static final Mapping LOADED =
      Mapping.of(Target.GENERIC, Optional.of(new Budget.Multipliers(2)))
          .withReload(new Reload(0.5));

  /** A dense layer of 32 inputs and 4 outputs, with so many weights of each that are not zero. */
  private static PartitionedModel model(long seed, int nonzero) {
    Random random = new Random(seed);
    List<Integer> weights = new ArrayList<>();
    for (int output = 0; output < 4; output++) {
      int[] row = new int[32];
      for (int i = 0; i < nonzero; i++) {
        int place = random.nextInt(row.length);
        while (row[place] != 0) {
          place = random.nextInt(row.length);
        }
        row[place] = i % 2 == 0 ? 7 : -7;
      }
      for (int weight : row) {
        weights.add(weight);
      }
    }
    String text =
        """
        graph "sparse"
        input %%x : int8[1, 32]
        %%w = constant() {weights = DenseWeights{tensor = int8[4, 32] %s}} : int8[4, 32]
        %%sum = integerDense(%%x, %%w) {inputZeroPoint = 0} : int32[1, 4] named "fc"
        %%y = requantize(%%sum) {channels = [ScaleThenRound{scale = 0.02, zeroPoint = 0, low = -128, high = 127}], channelAxis = 1, output = int8} : int8[1, 4]
        output %%y
        """
            .formatted(weights);
    return StandardPasses.prepare(GraphParser.parse("m.etch", text), new DiagnosticCollector());
  }

  private static ScheduledDesign schedule(PartitionedModel model, Mapping mapping) {
    return Scheduler.schedule(model, mapping, new DiagnosticCollector());
  }

  private static Folding fc(ScheduledDesign design) {
    return design.mapping().layers().get("fc");
  }

  @Test
  void areThoseOfSparseLayers() {
    ScheduledDesign sparse = schedule(model(1, 8), LOADED);
    assertEquals(WordSource.LOADED, fc(sparse).words());
    assertTrue(fc(sparse).steps().isPresent());
    ScheduledDesign dense = schedule(model(1, 30), LOADED);
    assertEquals(WordSource.ROM, fc(dense).words());
    assertTrue(
        sparse.prediction().cyclesPerFrame() < dense.prediction().cyclesPerFrame(),
        sparse.prediction() + " " + dense.prediction());
  }

  /** The second buffer is in the texts, in the bits that are reported and in the area. */
  @Test
  void mayHaveTwoBuffers() {
    ScheduledDesign one = schedule(model(1, 8), LOADED);
    Reload twice = new Reload(0.5, Optional.empty(), Optional.of(2));
    ScheduledDesign two = schedule(model(1, 8), one.mapping().withReload(twice));
    Design design = two.lowered().design();
    assertEquals(2, design.buffers());
    assertEquals(design, DesignParser.parse("hardware.etch", DesignPrinter.print(design)));
    assertEquals(one.prediction(), two.prediction());
    LoadMap map = LoadMap.of(design);
    assertEquals(LoadMap.of(one.lowered().design()).regions(), map.regions());
    long loaded = map.regions().stream().mapToLong(region -> region.memory().bits()).sum();
    assertEquals(bits(one) + loaded, bits(two));
    // Where a memory block has room for both, it takes no more of them.
    Area before = DesignArea.of(one.lowered().design(), Target.ECP5).total();
    Area after = DesignArea.of(design, Target.ECP5).total();
    assertTrue(after.luts() + after.blocks() > before.luts() + before.blocks(), after.toString());
  }

  private static long bits(ScheduledDesign design) {
    return design.statistics().stream().mapToLong(unit -> unit.bits().total()).sum();
  }

  @Test
  void takeOtherZerosInTheSameMemoriesAndCycles() {
    PartitionedModel first = model(1, 8);
    ScheduledDesign compiled = schedule(first, LOADED);
    for (long seed = 2; seed < 10; seed++) {
      ScheduledDesign other = Scheduler.reload(compiled, model(seed, 8), new DiagnosticCollector());
      assertEquals(LoadMap.of(compiled.lowered().design()), LoadMap.of(other.lowered().design()));
      assertEquals(compiled.prediction(), other.prediction());
    }
  }

  @Test
  void haveRoomForSoManyWeights() {
    Mapping roomy = LOADED.withReload(new Reload(2, Optional.of(0.5), Optional.empty()));
    ScheduledDesign compiled = schedule(model(1, 8), roomy);
    DiagnosticException e =
        assertThrows(
            DiagnosticException.class,
            () -> Scheduler.reload(compiled, model(3, 16), new DiagnosticCollector()));
    assertTrue(
        e.getMessage().contains("layer 'fc' takes")
            && e.getMessage().contains("steps a pixel with these weights, and has room for "),
        e.getMessage());
  }

  @Test
  void areReproducedByTheMapping() {
    PartitionedModel model = model(1, 8);
    String printed = MappingPrinter.print(schedule(model, LOADED).mapping());
    Mapping read = MappingParser.parse("mapping.etch", printed);
    assertEquals(printed, MappingPrinter.print(schedule(model, read).mapping()));
  }

  @Test
  void needWeightsThatAreLoaded() {
    ScheduledDesign compiled = schedule(model(1, 8), LOADED);
    Mapping constant =
        Mapping.of(Target.GENERIC, Optional.empty()).withLayers(Map.of("fc", fc(compiled)));
    DiagnosticException e =
        assertThrows(DiagnosticException.class, () -> schedule(model(1, 8), constant));
    assertTrue(e.getMessage().contains("the host loads no weights of it"), e.getMessage());
  }

  @Test
  void haveNoMoreStepsThanMemoriesHold() {
    ScheduledDesign compiled = schedule(model(1, 8), LOADED);
    Folding fc = fc(compiled);
    for (int steps : new int[] {ScheduleRoom.MOST_STEPS + 1, Integer.MAX_VALUE}) {
      Folding tooLong =
          new Folding(
              fc.layout(),
              WordSource.LOADED,
              Optional.of(steps),
              fc.buffering(),
              fc.products(),
              fc.rescaling());
      DiagnosticException e =
          assertThrows(
              DiagnosticException.class,
              () -> schedule(model(1, 8), compiled.mapping().withLayers(Map.of("fc", tooLong))));
      assertTrue(e.getMessage().contains("at most 1048576 steps"), e.getMessage());
    }
    assertEquals(120, new ScheduleRoom(0.2, Optional.empty()).steps(100));
    int most = ScheduleRoom.MOST_STEPS;
    assertEquals(most, new ScheduleRoom(100, Optional.empty()).steps(most - 5));
    assertEquals(most + 5, new ScheduleRoom(100, Optional.empty()).steps(most + 5));
  }

  @Test
  void haveNumbersOfStepsOfTheirOwn() {
    Folding fc = fc(schedule(model(1, 8), LOADED));
    assertThrows(
        IllegalArgumentException.class,
        () ->
            new Folding(
                fc.layout(),
                WordSource.ROM,
                fc.steps(),
                fc.buffering(),
                fc.products(),
                fc.rescaling()));
  }

  /** {@link ProgramChecker} proves each of them. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void keepTheirShapeForAllWeights(boolean shared) {
    Random random = new Random(11);
    int reached = 0;
    for (int i = 0; i < 300; i++) {
      int clusters = 1 + random.nextInt(3);
      int outputs = clusters * (1 + random.nextInt(5));
      int ports = 1 + random.nextInt(4);
      int group = 1 + random.nextInt(3);
      ScheduleRoom open = new ScheduleRoom(random.nextInt(2), Optional.empty());
      Program first =
          new MacScheduler()
              .program(problem(random, outputs, clusters, ports, group, shared, open));
      ScheduleRoom same = new ScheduleRoom(0, Optional.of(first.steps()));
      MacProblem problem = problem(random, outputs, clusters, ports, group, shared, same);
      if (MacScheduler.shortage(problem).isEmpty()) {
        Program second = new MacScheduler().program(problem);
        assertEquals(first.steps(), second.steps());
        assertEquals(first.tail(), second.tail());
        assertEquals(first.pause(), second.pause());
        assertEquals(first.lastDrain(), second.lastDrain());
        assertEquals(lanes(first), lanes(second));
        assertEquals(
            new LoadedWords.Sequences(group, shared),
            second.loaded().orElseThrow().schedule().orElseThrow());
        assertTrue(second.usedTail() <= second.tail());
        reached++;
      }
    }
    assertTrue(reached > 150, "only " + reached);
  }

  private static List<Integer> lanes(Program program) {
    return program.clusters().stream().map(cluster -> cluster.lanes().size()).toList();
  }

  private static MacProblem problem(
      Random random,
      int outputs,
      int clusters,
      int ports,
      int group,
      boolean shared,
      ScheduleRoom room) {
    List<List<Term>> terms = new ArrayList<>();
    for (int output = 0; output < outputs; output++) {
      List<Term> ofOutput = new ArrayList<>();
      for (int place = 0; place < 20; place++) {
        if (random.nextInt(3) == 0) {
          ofOutput.add(new Term(place / 2, place % 2, 1 + random.nextInt(9)));
        }
      }
      terms.add(ofOutput);
    }
    return new MacProblem(
        terms,
        clusters,
        ports,
        group,
        Copies.NONE,
        shared,
        Optional.of(LoadableWeights.of(IntegerType.INT8).withRoom(room)));
  }
}
