// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.testbench.SimulationException.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The simulator and its protocol, with a hand-written design that can be made to misbehave. */
class SimulatedAcceleratorTest {
  private static final int BEATS = 4;
  private static final int ADDEND = 0x40;
  private static final int FAULT = 0x44;
  private SimulatedAccelerator simulator;

  @BeforeEach
  void start() {
    simulator = SimulatedAccelerator.start(TestDesigns.increment(false));
    simulator.restart(4);
  }

  @AfterEach
  void close() {
    simulator.close();
  }

  @Test
  void computesFramesBackToBackAtOneBeatACycle() {
    List<byte[]> frames = frames(50);
    List<FrameResult> results = simulator.runFrames(frames, BEATS, Limits.DEFAULT);
    assertOutputs(frames, results, 1);
    assertEquals(BEATS, results.get(49).lastOutput() - results.get(48).lastOutput());
    assertEquals(BEATS + 1, results.get(0).latency());
  }

  @Test
  void stallsChangeTheTimesButNotTheBits() {
    List<byte[]> frames = frames(200);
    simulator.stalls(Stalls.both(0.5, 7));
    List<FrameResult> results = simulator.runFrames(frames, BEATS, Limits.DEFAULT);
    assertOutputs(frames, results, 1);
    long cycles = results.get(199).lastOutput() - results.get(0).firstInput();
    assertTrue(cycles > 200 * BEATS * 3 / 2, cycles + " cycles show no stalls");
  }

  @Test
  void equalSeedsGiveEqualTimes() {
    List<byte[]> frames = frames(20);
    List<List<Long>> times = new ArrayList<>();
    for (long seed : new long[] {3, 3, 4}) {
      simulator.restart(2);
      simulator.stalls(Stalls.both(0.5, seed));
      long start = simulator.status().cycle();
      times.add(
          simulator.runFrames(frames, BEATS, Limits.DEFAULT).stream()
              .map(r -> r.lastOutput() - start)
              .toList());
    }
    assertEquals(times.get(0), times.get(1));
    assertFalse(times.get(0).equals(times.get(2)));
  }

  @Test
  void registersCanBeReadAndWritten() {
    assertEquals(1, simulator.readRegister(ADDEND));
    assertEquals(0, simulator.writeRegister(ADDEND, 5));
    assertEquals(5, simulator.readRegister(ADDEND));
    assertOutputs(frames(3), simulator.runFrames(frames(3), BEATS, Limits.DEFAULT), 5);
    assertTrue(simulator.status().interrupt());
  }

  @Test
  void beatsCanBeSentAndReceivedOneByOne() {
    simulator.send(new byte[] {1, 2, 3, 4}, false);
    assertEquals(0, simulator.status().beatsIn());
    SimulatedAccelerator.Received two = simulator.receive(2, 100);
    assertArrayEquals(new byte[] {2, 3, 4, 5}, two.beats());
    SimulatedAccelerator.Received none = simulator.receive(1, 100);
    assertEquals(0, none.beats().length);
    simulator.send(new byte[] {9, 9, 8, 8}, true);
    SimulatedAccelerator.Received rest = simulator.receive(2, 100);
    assertArrayEquals(new byte[] {10, 10, 9, 9}, rest.beats());
    assertArrayEquals(new boolean[] {false, true}, rest.last());
  }

  @Test
  void resetInTheMiddleOfAFrameForgetsIt() {
    simulator.send(new byte[] {1, 2, 3, 4, 5, 6}, false);
    assertTrue(simulator.flush(100));
    simulator.restart(1);
    assertOutputs(frames(5), simulator.runFrames(frames(5), BEATS, Limits.DEFAULT), 1);
  }

  @Test
  void softResetInTheMiddleOfAFrameForgetsIt() {
    simulator.send(new byte[] {1, 2, 3, 4, 5, 6}, false);
    assertTrue(simulator.flush(100));
    simulator.softReset();
    assertOutputs(frames(5), simulator.runFrames(frames(5), BEATS, Limits.DEFAULT), 1);
  }

  @Test
  void aDesignThatHangsIsADeadlock() {
    simulator.writeRegister(FAULT, 8);
    assertFails(Kind.DEADLOCK, "no beat moved for 500 cycles");
  }

  @Test
  void brokenHandshakesAreFound() {
    simulator.stalls(new Stalls(0, 0.5, 0, 1, 1));
    simulator.writeRegister(FAULT, 1);
    assertFails(Kind.PROTOCOL, "m_axis_tvalid fell");
  }

  @Test
  void changingDataIsFound() {
    simulator.stalls(new Stalls(0, 0.5, 0, 1, 1));
    simulator.writeRegister(FAULT, 2);
    assertFails(Kind.PROTOCOL, "m_axis_tdata changed");
  }

  @Test
  void aMisplacedEndOfFrameIsFound() {
    simulator.writeRegister(FAULT, 4);
    assertFails(Kind.PROTOCOL, "m_axis_tlast is 1 at beat 2 of frame 0");
  }

  @Test
  void theEndOfTheProcessIsAnException() {
    simulator.close();
    assertEquals(
        Kind.PROCESS,
        assertThrows(SimulationException.class, () -> simulator.readRegister(0)).kind());
  }

  @Test
  void aWaveformShowsTheQueue(@org.junit.jupiter.api.io.TempDir Path folder) throws Exception {
    try (SimulatedAccelerator traced = SimulatedAccelerator.start(TestDesigns.increment(true))) {
      Path file = folder.resolve("wave.vcd");
      traced.trace(file, 0, 1000);
      traced.restart(4);
      traced.runFrames(frames(2), BEATS, Limits.DEFAULT);
      traced.endTrace();
      QueueTrace trace = QueueTrace.read(file, List.of("sums"), 0);
      List<QueueTrace.Push> pushes = trace.pushes("sums");
      assertEquals(2 * BEATS, pushes.size());
      byte[] first = frames(2).get(0);
      int low = (first[0] + 1) & 0xff;
      int high = (first[1] + 1) & 0xff;
      assertEquals(high << 8 | low, pushes.get(0).payload().intValue());
      assertEquals(pushes.get(0).cycle() + 2 * BEATS - 1, pushes.get(2 * BEATS - 1).cycle());
    }
  }

  private void assertFails(Kind kind, String text) {
    SimulationException e =
        assertThrows(
            SimulationException.class,
            () -> simulator.runFrames(frames(10), BEATS, new Limits(500, 100_000)));
    assertEquals(kind, e.kind());
    assertTrue(e.getMessage().contains(text), e.getMessage());
  }

  private static List<byte[]> frames(int count) {
    Random random = new Random(11);
    List<byte[]> frames = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      byte[] frame = new byte[2 * BEATS];
      random.nextBytes(frame);
      frames.add(frame);
    }
    return frames;
  }

  private static void assertOutputs(List<byte[]> frames, List<FrameResult> results, int addend) {
    assertEquals(frames.size(), results.size());
    for (int i = 0; i < frames.size(); i++) {
      byte[] expected = frames.get(i).clone();
      for (int b = 0; b < expected.length; b++) {
        expected[b] += (byte) addend;
      }
      assertArrayEquals(expected, results.get(i).output(), "frame " + i);
    }
  }
}
