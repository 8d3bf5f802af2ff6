// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.graph.PartitionedModel;
import dev.etch.hardware.MatrixCodebook;
import dev.etch.hardware.MatrixNetlist;
import dev.etch.hardware.MatrixUnit;
import dev.etch.schedule.ScheduledDesign;
import dev.etch.tensor.IntegerTensor;
import dev.etch.text.MappingParser;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sparse matrices of few weights, whose schedules hold indices, in Verilator with stalls. */
class CodebookTest {
  private static final int FRAMES = 10;
  private static final int INPUTS = 60;
  private static final int OUTPUTS = 16;

  private static final String MAPPING =
      """
      mapping
      target generic
      budget multipliers %1$d
      layer "dense" {block = 1, copies = 1, clusters = %2$d, ports = %3$d, group = 1, inputElements = 1, addressing = BROADCAST, weights = ROM, ahead = %4$s, banked = false, logic = false, scaling = false}
      """;

  private static PartitionedModel model(int values) {
    Random random = new Random(values);
    List<Integer> codebook = random.ints(values, -128, 128).boxed().toList();
    List<Integer> weights =
        random
            .ints(INPUTS * OUTPUTS, 0, 3 * values)
            .mapToObj(index -> index < values ? codebook.get(index) : Integer.valueOf(0))
            .toList();
    return DenseModel.of(INPUTS, OUTPUTS, weights);
  }

  @ParameterizedTest
  @CsvSource({"2, 1, 2, false, 2", "3, 1, 2, true, 2", "6, 2, 2, false, 3", "15, 1, 3, true, 4"})
  void indicesGiveTheWeights(
      int values, int clusters, int ports, boolean ahead, int indexBits, @TempDir Path folder) {
    String mapping = MAPPING.formatted(clusters * ports, clusters, ports, ahead);
    ScheduledDesign design =
        TestCompiler.compile(
            model(values), MappingParser.parse("clustered-mapping.etch", mapping), folder);
    MatrixCodebook codebook =
        design.lowered().design().units().stream()
            .filter(MatrixUnit.class::isInstance)
            .map(unit -> MatrixNetlist.of((MatrixUnit) unit).codebook().orElseThrow())
            .findFirst()
            .orElseThrow();
    assertEquals(indexBits, codebook.indexBits());

    List<IntegerTensor> frames = RandomNetwork.frames(design.lowered().model(), FRAMES, values);
    VerifyOptions options =
        VerifyOptions.standard(folder)
            .withPredicted(TestCompiler.predicted(design))
            .withDirected(frames)
            .withStalls(Stalls.both(0.2, values));
    VerifyResult result =
        new Verifier(design.lowered(), folder, options)
            .verify(FRAMES, frames::get, (done, total) -> {});
    assertTrue(result.passed(), result.toString());
  }
}
