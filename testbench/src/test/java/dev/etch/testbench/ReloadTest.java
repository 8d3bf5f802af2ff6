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
import dev.etch.tensor.IntegerTensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Weights of other trainings in the same hardware. */
class ReloadTest {
  @ParameterizedTest
  @EnumSource(names = {"ROM", "LOADED"})
  void takesOtherWeightsAndNothingElse(WordSource words, @TempDir Path folder) throws IOException {
    Trainings trainings = Trainings.of(4, words, 1, folder);
    for (int i = 1; i < trainings.designs.size(); i++) {
      assertEquals(trainings.structure(0), trainings.structure(i));
      assertEquals(trainings.designs.get(0).prediction(), trainings.designs.get(i).prediction());
    }
    try (SimulatedAccelerator accelerator = trainings.started()) {
      assertEqualFrames(accelerator, trainings.designs.get(0));
      for (int i : List.of(1, 2, 3, 0)) {
        WeightImage image = trainings.images.get(i);
        assertTrue(new WeightLoader(accelerator).load(image), "image " + i);
        assertEquals(image.crc(), accelerator.readRegister(RegisterMap.LOAD_IMAGE.offset()));
        assertEqualFrames(accelerator, trainings.designs.get(i));
      }
    }
  }

  @Test
  void refusesDamagedAndForeignImagesAndKeepsTheOld(@TempDir Path folder) throws IOException {
    Trainings trainings = Trainings.of(2, WordSource.LOADED, 1, folder);
    WeightImage image = trainings.images.get(1);
    Random random = new Random(5);
    try (SimulatedAccelerator accelerator = trainings.started()) {
      WeightLoader loader = new WeightLoader(accelerator);
      loader.hold();
      for (int i = 0; i < 200; i++) {
        WeightImage damaged = Trainings.damaged(image, i, random);
        // A bit that flips on the way, or a file whose CRC was made to fit.
        int crc = damaged.words() == image.words() && i % 4 != 3 ? image.crc() : damaged.crc();
        assertFalse(loader.pass(damaged, crc, false), "damage " + i);
        assertFalse(loader.status("checked"), "damage " + i);
        assertFalse(loader.pass(damaged, crc, true), "damage " + i);
      }
      loader.release();
      assertEquals(0, accelerator.readRegister(RegisterMap.LOAD_IMAGE.offset()));
      assertEqualFrames(accelerator, trainings.designs.get(0));
      assertTrue(loader.load(image));
      assertEqualFrames(accelerator, trainings.designs.get(1));
    }
  }

  /** Weights come while frames do: those that have begun end with the old ones. */
  @Test
  void noFrameSeesWeightsOfTwoTrainings(@TempDir Path folder) throws IOException {
    Trainings trainings = Trainings.of(2, WordSource.LOADED, 1, folder);
    ScheduledDesign first = trainings.designs.get(0);
    AcceleratorPorts ports = AcceleratorPorts.of(first.lowered());
    List<byte[]> fed = Trainings.frames(first).stream().map(ports::pack).toList();
    List<byte[]> old = Trainings.expected(first);
    List<byte[]> loaded = Trainings.expected(trainings.designs.get(1));
    long idle = Limits.DEFAULT.idleCycles();
    long most = 3 * first.prediction().latencyCycles();
    for (long cycles = 0; cycles < most; cycles += 1 + most / 20) {
      try (SimulatedAccelerator accelerator = trainings.started()) {
        fed.forEach(frame -> accelerator.send(frame, true));
        accelerator.run(cycles);
        int hold = RegisterMap.LOAD_CONTROL.field("hold").mask();
        accelerator.writeRegister(RegisterMap.LOAD_CONTROL.offset(), hold);
        byte[] before = accelerator.receive(Long.MAX_VALUE, idle).beats();
        int begun = before.length / old.get(0).length;
        assertTrue(begun < Trainings.FRAMES, "after " + cycles);
        assertFrames(old.subList(0, begun), before);
        assertTrue(new WeightLoader(accelerator).load(trainings.images.get(1)));
        byte[] behind = accelerator.receive(Long.MAX_VALUE, idle).beats();
        assertFrames(loaded.subList(begun, Trainings.FRAMES), behind);
      }
    }
  }

  private static void assertFrames(List<byte[]> expected, byte[] got) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    expected.forEach(all::writeBytes);
    assertArrayEquals(all.toByteArray(), got);
  }

  /** What was written in part is used by no frame. */
  @Test
  void runsNothingBehindAnImageThatWasWrittenInPart(@TempDir Path folder) throws IOException {
    Trainings trainings = Trainings.of(2, WordSource.LOADED, 1, folder);
    WeightImage image = trainings.images.get(1);
    try (SimulatedAccelerator accelerator = trainings.started()) {
      WeightLoader loader = new WeightLoader(accelerator);
      loader.hold();
      assertTrue(loader.pass(image, image.crc(), false));
      assertFalse(loader.pass(Trainings.damaged(image, 0, new Random(3)), image.crc(), true));
      loader.release();
      assertTrue(loader.status("broken"));
      AcceleratorPorts ports = AcceleratorPorts.of(trainings.designs.get(1).lowered());
      accelerator.send(ports.pack(Trainings.frames(trainings.designs.get(1)).get(0)), true);
      assertEquals(0, accelerator.receive(1, 5000).last().length);
      assertEquals(0, accelerator.status().beatsIn());
    }
    try (SimulatedAccelerator accelerator = trainings.started()) {
      WeightLoader loader = new WeightLoader(accelerator);
      loader.hold();
      assertTrue(loader.pass(image, image.crc(), false));
      assertFalse(loader.pass(Trainings.damaged(image, 0, new Random(3)), image.crc(), true));
      assertTrue(loader.load(image));
      assertEqualFrames(accelerator, trainings.designs.get(1));
    }
  }

  @Test
  void theGeneratedDriverLoadsThem(@TempDir Path folder) throws Exception {
    LoadedDriver.check(Trainings.of(2, WordSource.LOADED, 1, folder), 2, folder);
  }

  static void assertEqualFrames(SimulatedAccelerator accelerator, ScheduledDesign design) {
    AcceleratorPorts ports = AcceleratorPorts.of(design.lowered());
    VerifiedDesign reference = Trainings.verified(design, Path.of(""));
    List<IntegerTensor> frames = Trainings.frames(design);
    List<FrameResult> results =
        accelerator.runFrames(
            frames.stream().map(ports::pack).toList(),
            ports.outputs().get(0).layout().beatsPerFrame(),
            Limits.DEFAULT);
    for (int i = 0; i < Trainings.FRAMES; i++) {
      assertArrayEquals(
          reference.expected(frames.get(i)).get(0).data(),
          ports.unpack(results.get(i).outputs()).get(0),
          "" + i);
    }
  }
}
