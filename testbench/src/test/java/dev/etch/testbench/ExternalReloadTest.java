// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.hardware.LoadMap;
import dev.etch.hardware.MemoryMap;
import dev.etch.hardware.RegisterMap;
import dev.etch.hardware.Target;
import dev.etch.hardware.WordSource;
import dev.etch.schedule.Mapping;
import dev.etch.schedule.ScheduledDesign;
import dev.etch.testbench.PackedReloadTest.PackedTrainings;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/**
 * Coded words of other trainings in a memory outside, with what belongs to them in the same
 * hardware.
 */
class ExternalReloadTest {
  private static final int FRAMES = 12;
  private static final int QUIET_CYCLES = 2_000;

  private static Mapping mapping(Target target) {
    // Tests with the same hardware share a simulator.
    return PackedReloadTest.mapping(target, WordSource.EXTERNAL)
        .withMemory(RandomFoldings.memory(new Random(target.ordinal())));
  }

  @ParameterizedTest
  @EnumSource(names = {"GENERIC", "ICE40"})
  void isEqualInThePredictedCycles(Target target, @TempDir Path rtl) {
    PackedTrainings trainings = PackedTrainings.of(mapping(target), rtl);
    Set<Timing> timings = new LinkedHashSet<>();
    for (int i = 0; i < PackedReloadTest.TRAININGS; i++) {
      ScheduledDesign design = trainings.designs().get(i);
      assertEquals(trainings.verilog().get(0).structure(), trainings.verilog().get(i).structure());
      timings.add(TestCompiler.predicted(design));
      VerifyOptions loaded =
          VerifyOptions.standard(rtl)
              .withPredicted(TestCompiler.predicted(design))
              .withWeights(trainings.image(i))
              .withStalls(i % 2 == 0 ? Stalls.NONE : Stalls.both(0.4, i));
      PackedReloadTest.check(
          design, rtl, i == 1 ? loaded.withRegisters(TestCompiler.DESIGN_HASH) : loaded);
    }
    assertTrue(timings.size() > 1, "each has cycles of its own: " + timings);
  }

  /** Regions stand where they do for all trainings, whatever the length of their streams. */
  @Test
  void standsInTheSamePlaces(@TempDir Path rtl) {
    PackedTrainings trainings = PackedTrainings.of(mapping(Target.GENERIC), rtl);
    List<MemoryMap> maps =
        trainings.designs().stream()
            .map(design -> MemoryMap.of(design.lowered().design()).orElseThrow())
            .toList();
    Set<Integer> ends = new LinkedHashSet<>();
    for (MemoryMap map : maps) {
      assertEquals(maps.get(0).bytes(), map.image().length);
      for (int i = 0; i < map.regions().size(); i++) {
        MemoryMap.Region region = map.regions().get(i);
        MemoryMap.Region first = maps.get(0).regions().get(i);
        assertEquals(first.first(), region.first());
        assertEquals(first.again(), region.again());
        assertEquals(first.limit(), region.limit());
        assertTrue(region.end() <= region.limit());
        ends.add(region.end());
      }
    }
    assertTrue(ends.size() > 2, "streams of different lengths: " + ends);
  }

  /** One after the other in the same simulator, and back to the first. */
  @Test
  void takesOneBehindTheOther(@TempDir Path rtl) {
    PackedTrainings trainings = PackedTrainings.of(mapping(Target.GENERIC), rtl);
    VerifiedDesign first = PackedReloadTest.verified(trainings.designs().get(0), rtl);
    try (SimulatedAccelerator core = first.started(first.build(FRAMES))) {
      ReloadTest.assertEqualFrames(core, trainings.designs().get(0));
      for (int i : List.of(1, 2, 3, 0, 4)) {
        core.memory().stop();
        core.memory().attach(trainings.designs().get(i).lowered().design());
        core.memory().read();
        assertTrue(new WeightLoader(core).load(trainings.image(i)), "image " + i);
        ReloadTest.assertEqualFrames(core, trainings.designs().get(i));
        assertEquals("ready", status(core));
      }
    }
  }

  /**
   * Whichever of both comes first, and whether or not words are being read: no frame begins before
   * the words are those of the loaded code.
   */
  @Test
  void noFrameHasWordsOfTwoImages(@TempDir Path rtl) {
    PackedTrainings trainings = PackedTrainings.of(mapping(Target.GENERIC), rtl);
    ScheduledDesign old = trainings.designs().get(0);
    ScheduledDesign other = trainings.designs().get(1);
    VerifiedDesign first = PackedReloadTest.verified(old, rtl);
    byte[] frame = first.ports().pack(RandomNetwork.frames(old.lowered().model(), 1, 5).get(0));
    try (SimulatedAccelerator core = first.started(first.build(FRAMES))) {
      // Only the words outside are others.
      core.memory().stop();
      core.memory().attach(other.lowered().design());
      core.memory().read();
      assertWaits(core, frame);
      assertEquals("foreign", status(core));
      assertTrue(new WeightLoader(core).load(trainings.image(1)));
      assertEqual(core, other);
      // Only the code is another, and words are read all the while.
      assertTrue(new WeightLoader(core).load(trainings.image(0)));
      assertWaits(core, frame);
      assertEquals("foreign", status(core));
      core.memory().stop();
      core.memory().attach(old.lowered().design());
      core.memory().read();
      assertEqual(core, old);
    }
  }

  /** An image in parts is nobody's, however right the words outside are; a whole one mends it. */
  @Test
  void nothingIsReadForAnImageInParts(@TempDir Path rtl) {
    PackedTrainings trainings = PackedTrainings.of(mapping(Target.GENERIC), rtl);
    ScheduledDesign old = trainings.designs().get(0);
    VerifiedDesign first = PackedReloadTest.verified(old, rtl);
    try (SimulatedAccelerator core = first.started(first.build(FRAMES))) {
      WeightLoader loader = new WeightLoader(core);
      loader.hold();
      assertTrue(loader.pass(trainings.image(0), trainings.image(0).crc(), false));
      assertFalse(loader.passInPart(trainings.image(0)));
      core.run(QUIET_CYCLES);
      assertEquals("idle", status(core));
      assertTrue(loader.load(trainings.image(0)));
      ReloadTest.assertEqualFrames(core, old);
    }
  }

  /** A driver finds the weights of another training in the accelerator, and brings its own. */
  @ParameterizedTest
  @ValueSource(strings = {"LoadedWeightsTest", "SimulatedRtlTest", "DriverTest"})
  void driversBringTheirOwn(String test, @TempDir Path folder) throws Exception {
    PackedTrainings trainings = PackedTrainings.of(mapping(Target.GENERIC), folder.resolve("rtl"));
    VerifiedDesign hardware =
        PackedReloadTest.verified(trainings.designs().get(0), folder.resolve("rtl"));
    TestExecutionSummary summary =
        LoadedDriver.run(hardware, trainings.designs().get(1), trainings.image(1), test, folder);
    assertTrue(summary.getTestsSucceededCount() > 1);
    assertEquals(
        summary.getTestsFoundCount(),
        summary.getTestsSucceededCount(),
        () -> GeneratedProjectTest.failures(summary));
  }

  /** The stream itself is outside; all else is as for packed words. */
  @Test
  void loadsAllThatDependsOnWeights(@TempDir Path rtl) {
    ScheduledDesign design =
        TestCompiler.compile(PackedReloadTest.model(2), mapping(Target.GENERIC), rtl);
    Set<String> names =
        LoadMap.of(design.lowered().design()).regions().stream()
            .filter(region -> region.unit().startsWith("matrix"))
            .map(region -> region.memory().name().replaceAll("[0-9]+", ""))
            .collect(Collectors.toSet());
    assertEquals(
        Set.of("code_numbers_ram", "lane_symbol_ram", "feeds_ram", "cluster_place_ram"), names);
  }

  /** Any other bit in the beats changes what says to which image they belong. */
  @Test
  void everyBitOfTheStreamCounts(@TempDir Path rtl) {
    PackedTrainings trainings = PackedTrainings.of(mapping(Target.GENERIC), rtl);
    Set<Integer> crcs = new LinkedHashSet<>();
    for (ScheduledDesign design : trainings.designs()) {
      MemoryMap map = MemoryMap.of(design.lowered().design()).orElseThrow();
      byte[] image = map.image();
      for (MemoryMap.Region region : map.regions()) {
        int at = region.first() * map.memory().beatBytes();
        int crc = 0;
        for (int i = Integer.BYTES - 1; i >= 0; i--) {
          crc = crc << Byte.SIZE | image[at + i] & 0xff;
        }
        assertNotEquals(0, crc);
        crcs.add(crc);
      }
    }
    assertEquals(2 * PackedReloadTest.TRAININGS, crcs.size());
  }

  private static void assertWaits(SimulatedAccelerator core, byte[] frame) {
    long before = core.status().beatsIn();
    core.send(frame, true);
    core.run(QUIET_CYCLES);
    assertEquals(before, core.status().beatsIn(), "a frame begins with words of another image");
  }

  /** The frame that waits is computed with the weights of a design. */
  private static void assertEqual(SimulatedAccelerator core, ScheduledDesign design) {
    VerifiedDesign verified =
        new VerifiedDesign(design.lowered(), Path.of("."), VerifyOptions.standard(Path.of(".")));
    AcceleratorPorts.Output port = verified.ports().outputs().get(0);
    byte[] wanted =
        port.pack(
            verified.expected(RandomNetwork.frames(design.lowered().model(), 1, 5).get(0)).get(0));
    byte[] beats =
        core.receive((long) port.layout().beatsPerFrame(), Limits.DEFAULT.idleCycles()).beats();
    assertArrayEquals(wanted, beats);
  }

  private static String status(SimulatedAccelerator core) {
    int value = core.readRegister(RegisterMap.MEMORY_STATUS.offset());
    return RegisterMap.MEMORY_STATUS.fields().stream()
        .filter(field -> (value & field.mask()) != 0)
        .map(RegisterMap.Field::name)
        .collect(Collectors.joining(", "));
  }
}
