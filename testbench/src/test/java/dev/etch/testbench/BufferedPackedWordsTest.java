// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.hardware.Design;
import dev.etch.hardware.RomContents;
import dev.etch.hardware.Target;
import dev.etch.hardware.WeightImage;
import dev.etch.hardware.verilog.LoadableVerilog;
import dev.etch.hardware.verilog.VerilogGenerator;
import dev.etch.lower.LoweredModel;
import dev.etch.schedule.ScheduledDesign;
import dev.etch.schedule.Scheduler;
import dev.etch.text.MappingParser;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Packed words in two buffers. Decoders read ahead, so they have words of the next frame when a
 * frame ends: they drop them when the buffer is another.
 */
class BufferedPackedWordsTest {
  private static final int FRAMES = 120;
  private static final int DAMAGED_WORDS = 8;

  private final ScheduledDesign scheduled =
      Scheduler.schedule(
          EmptyMemoriesTest.model(),
          MappingParser.parse(
              "packed-mapping.etch", EmptyMemoriesTest.MAPPING.replace("ice40", "generic")),
          new DiagnosticCollector());
  private final AcceleratorPorts ports = AcceleratorPorts.of(scheduled.lowered());
  private final List<byte[]> frames =
      RandomNetwork.frames(scheduled.lowered().model(), FRAMES, 5).stream()
          .map(ports::pack)
          .toList();
  private final int beats = ports.outputs().get(0).layout().beatsPerFrame();

  /** Hardware with so many buffers. */
  private SimulatedAccelerator started(int buffers, Path folder) {
    Design design = scheduled.lowered().design().withBuffers(buffers);
    VerilogGenerator.generate(
        design, "test", folder, TestCompiler.DESIGN_HASH, RomContents.IN_VERILOG, Target.GENERIC);
    assertEquals(BuiltMemories.counted(design), BuiltMemories.ofVerilog(folder));
    LoweredModel lowered = scheduled.lowered().withDesign(design);
    VerifiedDesign verified = new VerifiedDesign(lowered, folder, VerifyOptions.standard(folder));
    return verified.started(verified.build(FRAMES));
  }

  /** Words that the decoders take for others, and that are whole to the hardware. */
  private WeightImage other(WeightImage image) {
    WeightImage.Segment segment = image.segments().get(0);
    int[] words = segment.words().clone();
    Random random = new Random(3);
    for (int i = 0; i < DAMAGED_WORDS; i++) {
      words[random.nextInt(words.length)] ^= 1;
    }
    return new WeightImage(
        image.designHash(), List.of(new WeightImage.Segment(segment.address(), words)));
  }

  private List<byte[]> outputs(SimulatedAccelerator accelerator) {
    return accelerator.runFrames(frames, beats, Limits.DEFAULT).stream()
        .map(FrameResult::output)
        .toList();
  }

  @Test
  void takeEffectBetweenTwoFrames(@TempDir Path one, @TempDir Path two) {
    WeightImage image =
        other(LoadableVerilog.of(scheduled.lowered().design(), TestCompiler.DESIGN_HASH).image());
    List<byte[]> old;
    List<byte[]> loaded;
    try (SimulatedAccelerator accelerator = started(1, one)) {
      old = outputs(accelerator);
      assertTrue(new WeightLoader(accelerator).load(image));
      loaded = outputs(accelerator);
    }
    assertFalse(Arrays.equals(old.get(0), loaded.get(0)));
    long interval = scheduled.prediction().cyclesPerFrame();
    for (int beginning = 0; beginning < 10; beginning++) {
      try (SimulatedAccelerator accelerator = started(2, two)) {
        accelerator.probe().observeQueueTimes();
        frames.forEach(frame -> accelerator.send(frame, true));
        accelerator.take((long) FRAMES * beats);
        accelerator.run(5 * interval + beginning * interval / 10);
        assertTrue(new WeightLoader(accelerator).loadBeside(image, image.crc()));
        byte[] all =
            accelerator.receive((long) FRAMES * beats, Limits.DEFAULT.totalCycles()).beats();
        long[] left = accelerator.probe().beatCycles().left().get(0);
        int swaps = 0;
        for (int i = 0; i < FRAMES; i++) {
          if (i > 0 && left[(i + 1) * beats - 1] - left[i * beats - 1] != interval) {
            swaps++;
            assertEquals(
                scheduled.prediction().latencyCycles() + scheduled.lowered().design().swapCycles(),
                left[(i + 1) * beats - 1] - left[i * beats - 1]);
          }
          int bytes = all.length / FRAMES;
          byte[] expected = (swaps == 0 ? old : loaded).get(i);
          assertArrayEquals(expected, Arrays.copyOfRange(all, i * bytes, (i + 1) * bytes), "" + i);
        }
        assertEquals(1, swaps);
      }
    }
  }
}
