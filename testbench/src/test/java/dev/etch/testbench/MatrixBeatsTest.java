// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.graph.PartitionedModel;
import dev.etch.hardware.MatrixUnit;
import dev.etch.hardware.Target;
import dev.etch.hardware.WordSource;
import dev.etch.lower.Addressing;
import dev.etch.lower.Buffering;
import dev.etch.lower.Folding;
import dev.etch.lower.LaneLayout;
import dev.etch.schedule.Mapping;
import dev.etch.schedule.ScheduledDesign;
import dev.etch.tensor.IntegerTensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Matrices whose elements come several at a time: equal to the reference in exactly the predicted
 * cycles, with and without stalls.
 */
class MatrixBeatsTest {
  private static final int FRAMES = 8;
  private static final int OUTPUTS = 24;

  private static PartitionedModel model(int inputs, double density) {
    Random random = new Random(inputs);
    List<Integer> weights =
        random
            .ints(inputs * OUTPUTS, -127, 128)
            .mapToObj(weight -> random.nextDouble() < density ? weight : Integer.valueOf(0))
            .toList();
    return DenseModel.of(inputs, OUTPUTS, weights);
  }

  /** Frames of one beat, of fewer than a window has, and of several windows. */
  @ParameterizedTest
  @CsvSource({
    "2, 2, 0.5, 1, 2, false, ROM, GENERIC",
    "8, 8, 0.5, 2, 1, true, CODED, GENERIC",
    "2, 60, 0.05, 1, 8, true, ROM, XC7",
    "4, 600, 0.1, 2, 4, false, CODED, ECP5",
    "2, 600, 0.04, 1, 12, true, PACKED, ICE40",
    "8, 1200, 0.03, 4, 2, true, EXTERNAL, GENERIC",
    "8, 1200, 0.01, 1, 5, false, ROM, GENERIC"
  })
  void elementsOfABeatAreThere(
      int each,
      int inputs,
      double density,
      int clusters,
      int ports,
      boolean ahead,
      WordSource words,
      Target target,
      @TempDir Path folder) {
    LaneLayout layout = new LaneLayout(1, 1, clusters, ports, 1, Addressing.BROADCAST);
    Folding folding = Folding.plain(layout, new Buffering(each, ahead, false)).withWords(words);
    Mapping mapping =
        Mapping.of(target, Optional.empty())
            .withMemory(RandomFoldings.memory(new Random(inputs)))
            .withLayers(Map.of("dense", folding));
    ScheduledDesign design = TestCompiler.compile(model(inputs, density), mapping, folder);
    assertTrue(
        design.lowered().design().units().stream()
            .anyMatch(unit -> unit instanceof MatrixUnit matrix && matrix.beatElements() == each));
    List<IntegerTensor> frames = RandomNetwork.frames(design.lowered().model(), FRAMES, inputs);
    VerifyOptions options =
        VerifyOptions.standard(folder).withPredicted(TestCompiler.predicted(design));
    check(design, folder, frames, options);
    check(
        design, folder, frames, options.withStalls(Stalls.both(0.4, inputs)).withDirected(frames));
  }

  private static void check(
      ScheduledDesign design, Path rtl, List<IntegerTensor> frames, VerifyOptions options) {
    VerifyResult result =
        new Verifier(design.lowered(), rtl, options)
            .verify(FRAMES, frames::get, (done, total) -> {});
    assertTrue(result.bitsEqual() && result.fault().isEmpty(), result.toString());
    assertEquals(options.predicted(), result.measured());
  }
}
