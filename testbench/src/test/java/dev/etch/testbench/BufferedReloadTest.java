// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.hardware.RegisterMap;
import dev.etch.hardware.WeightImage;
import dev.etch.hardware.WordSource;
import dev.etch.schedule.ScheduledDesign;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Weights of another training, written while frames run. */
class BufferedReloadTest {
  /** More than there are cycles for while an image is written. */
  private static final int FRAMES = 400;

  /** In different cycles of a frame. */
  private static final int BEGINNINGS = 25;

  /** Frames that an accelerator has got and gives while its registers are accessed. */
  private static final class Running {
    final SimulatedAccelerator accelerator;
    final WeightLoader loader;
    private final List<byte[]> old;
    private final List<byte[]> loaded;
    private final ScheduledDesign design;

    Running(SimulatedAccelerator accelerator, Trainings trainings) {
      this.accelerator = accelerator;
      this.loader = new WeightLoader(accelerator);
      this.design = trainings.designs.get(0);
      this.old = Trainings.expected(design);
      this.loaded = Trainings.expected(trainings.designs.get(1));
      AcceleratorPorts ports = AcceleratorPorts.of(design.lowered());
      List<byte[]> frames = Trainings.frames(design).stream().map(ports::pack).toList();
      accelerator.probe().observeQueueTimes();
      for (int i = 0; i < FRAMES; i++) {
        accelerator.send(frames.get(i % frames.size()), true);
      }
      accelerator.take((long) FRAMES * beats());
    }

    private int beats() {
      return design.lowered().design().outputs().get(0).stream().beatsPerFrame();
    }

    /** All outputs. */
    List<byte[]> outputs() {
      byte[] all =
          accelerator.receive((long) FRAMES * beats(), Limits.DEFAULT.totalCycles()).beats();
      int bytes = old.get(0).length;
      assertEquals(FRAMES * bytes, all.length);
      List<byte[]> outputs = new ArrayList<>();
      for (int i = 0; i < FRAMES; i++) {
        outputs.add(Arrays.copyOfRange(all, i * bytes, (i + 1) * bytes));
      }
      return outputs;
    }

    /** The first frame of the new weights; those before are of the old ones, all others too. */
    int border() {
      List<byte[]> outputs = outputs();
      int first = 0;
      while (first < FRAMES && Arrays.equals(of(old, first), outputs.get(first))) {
        first++;
      }
      for (int i = first; i < FRAMES; i++) {
        assertArrayEquals(of(loaded, i), outputs.get(i), "frame " + i + ", new since " + first);
      }
      return first;
    }

    private static byte[] of(List<byte[]> expected, int frame) {
      return expected.get(frame % expected.size());
    }

    /** Cycles between the last beats of neighbouring frames. */
    List<Long> intervals() {
      long[] left = accelerator.probe().beatCycles().left().get(0);
      List<Long> intervals = new ArrayList<>();
      for (int i = 1; i < FRAMES; i++) {
        intervals.add(left[(i + 1) * beats() - 1] - left[i * beats() - 1]);
      }
      return intervals;
    }
  }

  /** Nothing but the swap takes a cycle, and it takes as many as the cycle model says. */
  @ParameterizedTest
  @EnumSource(names = {"ROM", "LOADED"})
  void framesRunWhileAnImageIsWritten(WordSource words, @TempDir Path folder) {
    Trainings trainings = Trainings.of(2, words, 2, folder);
    long interval = trainings.designs.get(0).prediction().cyclesPerFrame();
    long swap =
        trainings.designs.get(0).prediction().latencyCycles()
            + trainings.designs.get(0).lowered().design().swapCycles();
    for (int i = 0; i < BEGINNINGS; i++) {
      try (SimulatedAccelerator accelerator = trainings.started()) {
        Running running = new Running(accelerator, trainings);
        accelerator.run(5 * interval + i * interval / BEGINNINGS);
        WeightImage image = trainings.images.get(1);
        assertTrue(running.loader.loadBeside(image, image.crc()));
        int border = running.border();
        assertTrue(border > 5 && border < FRAMES, "new since " + border);
        List<Long> intervals = running.intervals();
        long slow = intervals.stream().filter(cycles -> cycles != interval).count();
        assertEquals(1, slow, intervals::toString);
        assertTrue(intervals.contains(swap), () -> swap + " is not in " + intervals);
        assertEquals(image.crc(), accelerator.readRegister(RegisterMap.LOAD_IMAGE.offset()));
        assertTrue(running.loader.status("buffer"));
      }
    }
  }

  @Test
  void noFrameMixesImagesWhateverStalls(@TempDir Path folder) {
    Trainings trainings = Trainings.of(2, WordSource.LOADED, 2, folder);
    for (long seed = 1; seed <= 2 * BEGINNINGS; seed++) {
      try (SimulatedAccelerator accelerator = trainings.started()) {
        accelerator.stalls(Stalls.both(0.1 * (seed % 7), seed));
        Running running = new Running(accelerator, trainings);
        accelerator.run(seed * trainings.designs.get(0).prediction().latencyCycles() / 5);
        WeightImage image = trainings.images.get(1);
        assertTrue(running.loader.loadBeside(image, image.crc()));
        int border = running.border();
        assertTrue(border > 0 && border < FRAMES, "new since " + border);
      }
    }
  }

  /** The old weights answer, and not a cycle is lost. */
  @Test
  void damagedImagesChangeNothing(@TempDir Path folder) {
    Trainings trainings = Trainings.of(2, WordSource.LOADED, 2, folder);
    WeightImage image = trainings.images.get(1);
    long interval = trainings.designs.get(0).prediction().cyclesPerFrame();
    Random random = new Random(5);
    for (int i = 0; i < BEGINNINGS; i++) {
      try (SimulatedAccelerator accelerator = trainings.started()) {
        Running running = new Running(accelerator, trainings);
        WeightImage damaged = Trainings.damaged(image, i, random);
        int crc = damaged.words() == image.words() && i % 4 != 3 ? image.crc() : damaged.crc();
        assertFalse(running.loader.loadBeside(damaged, crc), "damage " + i);
        assertEquals(FRAMES, running.border());
        assertEquals(List.of(interval), running.intervals().stream().distinct().toList());
        assertEquals(0, accelerator.readRegister(RegisterMap.LOAD_IMAGE.offset()));
        // Behind it comes one that is whole.
        assertTrue(running.loader.loadBeside(image, image.crc()));
        assertEquals(0, new Running(accelerator, trainings).border());
      }
    }
  }

  /** From another thread than that which sends frames. */
  @Test
  void theGeneratedDriverLoadsThemWhileFramesRun(@TempDir Path folder) throws Exception {
    LoadedDriver.check(Trainings.of(2, WordSource.LOADED, 2, folder), 4, folder);
  }

  /** Image behind image, into one buffer and the other in turn. */
  @Test
  void buffersTakeTurns(@TempDir Path folder) {
    Trainings trainings = Trainings.of(4, WordSource.LOADED, 2, folder);
    try (SimulatedAccelerator accelerator = trainings.started()) {
      WeightLoader loader = new WeightLoader(accelerator);
      boolean second = false;
      for (int i : List.of(1, 2, 3, 0, 2)) {
        WeightImage image = trainings.images.get(i);
        assertTrue(loader.loadBeside(image, image.crc()));
        loader.awaitEffect();
        second = !second;
        assertEquals(second, loader.status("buffer"));
        assertEquals(image.crc(), accelerator.readRegister(RegisterMap.LOAD_IMAGE.offset()));
        ReloadTest.assertEqualFrames(accelerator, trainings.designs.get(i));
      }
      // As a host does that holds frames.
      assertTrue(loader.load(trainings.images.get(1)));
      ReloadTest.assertEqualFrames(accelerator, trainings.designs.get(1));
    }
  }
}
