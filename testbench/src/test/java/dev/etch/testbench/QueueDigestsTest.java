// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.graph.PartitionedModel;
import dev.etch.hardware.Stream;
import dev.etch.hardware.StreamType;
import dev.etch.lower.LoweredModel;
import dev.etch.reference.Interpreter;
import dev.etch.schedule.ScheduledDesign;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the queues of a simulated design take is what the reference says, and nothing less. */
class QueueDigestsTest {
  private static final long SEED = 3;
  private static final StreamType PAIR = new StreamType(2, new IntegerType(5, true));

  @TempDir Path folder;

  @Test
  void aBeatIsAsManyBytesAsItsBitsTake() {
    // -1 and 3 in 5 bits each: 0b00011_11111.
    long hash = QueueDigest.EMPTY.hash();
    hash = (hash ^ 0x7f) * 0x100000001b3L;
    hash = (hash ^ 0x00) * 0x100000001b3L;
    assertEquals(new QueueDigest(1, hash), QueueDigest.EMPTY.plus(new int[] {-1, 3}, PAIR));
  }

  @Test
  void orderCounts() {
    assertNotEquals(
        QueueDigest.EMPTY.plus(new int[] {1, 2, 3, 4}, PAIR),
        QueueDigest.EMPTY.plus(new int[] {3, 4, 1, 2}, PAIR));
  }

  @Test
  void everyQueueOfACompiledDesignIsObserved() {
    PartitionedModel network = RandomNetwork.of(SEED);
    ScheduledDesign design = TestCompiler.compile(network, 4, folder);
    LoweredModel model = design.lowered();
    List<IntegerTensor> frames = RandomNetwork.frames(network, 3, SEED);
    QueueDigests wanted = new QueueDigests(model);
    QueueDigests others = new QueueDigests(model);
    Interpreter reference = new Interpreter(model.model().accelerator());
    frames.forEach(frame -> wanted.add(reference.runAll(List.of(frame))));
    frames.forEach(frame -> others.add(reference.runAll(List.of(frames.get(0)))));

    Map<String, QueueDigest> taken = simulated(model, frames);
    assertEquals(
        model.design().depths().keySet().stream().map(Stream::name).collect(toSet()),
        taken.keySet());
    assertEquals(Optional.empty(), wanted.difference(taken));
    assertTrue(others.difference(taken).isPresent());
  }

  private Map<String, QueueDigest> simulated(LoweredModel model, List<IntegerTensor> frames) {
    AcceleratorPorts ports = AcceleratorPorts.of(model);
    String top = model.design().name();
    VerilatorBuild.Request request =
        new VerilatorBuild.Request(folder, top, Optimization.NONE, false);
    Path simulator = new VerilatorBuild(SimulatorCache.standard()).build(request);
    try (SimulatedAccelerator accelerator = SimulatedAccelerator.start(simulator)) {
      accelerator.restart(SimulatedAccelerator.RESET_CYCLES);
      accelerator.probe().observeQueues();
      accelerator.runFrames(
          frames.stream().map(ports::pack).toList(),
          ports.outputs().get(0).layout().beatsPerFrame(),
          Limits.DEFAULT);
      return accelerator.probe().queueDigests();
    }
  }
}
