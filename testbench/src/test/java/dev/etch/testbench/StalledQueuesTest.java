// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.graph.PartitionedModel;
import dev.etch.schedule.ScheduledDesign;
import dev.etch.tensor.IntegerTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StalledQueuesTest {
  private static final long SEED = 5;
  private static final int FRAMES = 6;
  @TempDir Path folder;

  @Test
  void onlyQueuesAreAltered() {
    String other = "module top_array (\n  assign push_ready = free;\nendmodule\n";
    String queue =
        "module top_queue_8x2 (\n  assign push_ready = (occupancy != 2'h2);\nendmodule\n";
    String text = StalledQueues.of(other + queue, "top_queue_");
    assertTrue(text.startsWith(other), text);
    assertTrue(text.contains("assign push_ready = ((occupancy != 2'h2)) && !("), text);
  }

  @Test
  void messagesNameTheCallersFileAndLine() throws IOException {
    Path source = folder.resolve("top.v");
    Files.writeString(
        source,
        """
        module top_queue_8x2 (input aclk, output push_ready);
          assign push_ready = 1'b1;
        endmodule
        module top (input aclk, output ready);
          top_queue_8x2 queue_x (.aclk(aclk), .push_ready(ready));
          nonsense here is;
        endmodule
        """);
    SimulationException failure =
        assertThrows(
            SimulationException.class,
            () ->
                new VerilatorBuild(SimulatorCache.standard())
                    .build(new VerilatorBuild.Request(folder, "top", Optimization.NONE, false)));
    assertTrue(failure.getMessage().contains(source + ":6:"), failure.getMessage());
  }

  @Test
  void stallsInsideTakeTimeAndChangeNoBit() {
    PartitionedModel model = RandomNetwork.of(SEED);
    ScheduledDesign design = TestCompiler.compile(model, 4, folder);
    AcceleratorPorts ports = AcceleratorPorts.of(design.lowered());
    List<byte[]> frames = new ArrayList<>();
    for (IntegerTensor frame : RandomNetwork.frames(model, FRAMES, SEED)) {
      frames.add(ports.pack(frame));
    }
    Path simulator =
        new VerilatorBuild(SimulatorCache.standard())
            .build(
                new VerilatorBuild.Request(
                    folder, design.lowered().design().name(), Optimization.NONE, false));
    List<Long> cycles = new ArrayList<>();
    List<List<Byte>> outputs = new ArrayList<>();
    for (double inside : new double[] {0, 0.8}) {
      try (SimulatedAccelerator accelerator = SimulatedAccelerator.start(simulator)) {
        accelerator.restart(4);
        accelerator.stalls(Stalls.NONE.withInside(inside));
        List<Byte> bytes = new ArrayList<>();
        for (FrameResult result :
            accelerator.runFrames(
                frames,
                ports.outputs().stream().map(port -> port.layout().beatsPerFrame()).toList(),
                Limits.DEFAULT)) {
          for (byte[] output : result.outputs()) {
            for (byte b : output) {
              bytes.add(b);
            }
          }
        }
        outputs.add(bytes);
        cycles.add(accelerator.status().cycle());
      }
    }
    assertEquals(outputs.get(0), outputs.get(1));
    assertTrue(cycles.get(1) > cycles.get(0), cycles.toString());
  }
}
