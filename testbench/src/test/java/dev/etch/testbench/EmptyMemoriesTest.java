// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.graph.PartitionedModel;
import dev.etch.hardware.verilog.LoadableVerilog;
import dev.etch.schedule.ScheduledDesign;
import dev.etch.tensor.IntegerTensor;
import dev.etch.text.MappingParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Packed words in memories that a bitstream cannot fill: what synthesis reads, simulated. */
class EmptyMemoriesTest {
  private static final int FRAMES = 40;
  private static final int INPUTS = 48;
  private static final int OUTPUTS = 12;

  static final String MAPPING =
      """
      mapping
      target ice40
      budget multipliers 2
      layer "dense" {block = 1, copies = 1, clusters = 1, ports = 2, group = 1, inputElements = 1, addressing = BROADCAST, weights = PACKED, ahead = false, banked = false, logic = false, scaling = false}
      """;

  static PartitionedModel model() {
    List<Integer> weights =
        new Random(3)
            .ints(INPUTS * OUTPUTS)
            .mapToObj(bits -> (bits & 7) == 0 ? bits >> 24 : 0)
            .toList();
    return DenseModel.of(INPUTS, OUTPUTS, weights);
  }

  @Test
  void frameWaitsForTheFirstLoad(@TempDir Path folder) throws IOException {
    ScheduledDesign design =
        TestCompiler.compile(model(), MappingParser.parse("packed-mapping.etch", MAPPING), folder);
    Path verilog = folder.resolve(design.lowered().design().name() + ".v");
    String text = Files.readString(verilog);
    assertEquals(
        3, text.split("`if").length, "contents for simulators, and whether they are whole");
    Files.writeString(verilog, "`define SYNTHESIS\n" + text);

    VerifyOptions options =
        VerifyOptions.standard(folder).withPredicted(TestCompiler.predicted(design));
    VerifiedDesign verified = new VerifiedDesign(design.lowered(), folder, options);
    AcceleratorPorts ports = AcceleratorPorts.of(design.lowered());
    List<IntegerTensor> frames = RandomNetwork.frames(design.lowered().model(), FRAMES, 5);
    List<byte[]> inputs = frames.stream().map(ports::pack).toList();
    int beats = ports.outputs().get(0).layout().beatsPerFrame();
    Path simulator = verified.build(FRAMES);
    try (SimulatedAccelerator accelerator = verified.started(simulator)) {
      assertTrue(new WeightLoader(accelerator).status("broken"));
      assertThrows(
          SimulationException.class,
          () -> accelerator.runFrames(inputs.subList(0, 1), beats, Limits.DEFAULT));
    }
    try (SimulatedAccelerator accelerator = verified.started(simulator)) {
      assertTrue(
          new WeightLoader(accelerator)
              .load(
                  LoadableVerilog.of(design.lowered().design(), TestCompiler.DESIGN_HASH).image()));
      List<FrameResult> results = accelerator.runFrames(inputs, beats, Limits.DEFAULT);
      for (int i = 0; i < FRAMES; i++) {
        assertArrayEquals(
            verified.expected(frames.get(i)).get(0).data(),
            ports.unpack(results.get(i).outputs()).get(0));
      }
    }
  }
}
