// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.graph.PartitionedModel;
import dev.etch.schedule.ScheduledDesign;
import dev.etch.templates.testbench.IcarusTestbench;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The plain Verilog testbench passes on Icarus with the right vectors, and fails with wrong ones.
 */
class VectorFilesTest {
  private static final long SEED = 1;
  private static final int FRAMES = 3;
  @TempDir Path folder;
  private Path testbench;

  @BeforeEach
  void compile() throws IOException {
    ToolRunner.require("iverilog", "iverilog");
    PartitionedModel model = RandomNetwork.of(SEED);
    ScheduledDesign design = TestCompiler.compile(model, 4, folder.resolve("rtl"));
    testbench = Files.createDirectories(folder.resolve("testbench"));
    VectorFiles.write(testbench, design.lowered(), RandomNetwork.frames(model, FRAMES, SEED));
    IcarusTestbench.generate(
            design.lowered().design(),
            TestCompiler.DESIGN_HASH,
            FRAMES,
            design.prediction().cyclesPerFrame(),
            OptionalLong.of(design.prediction().latencyCycles()),
            IcarusTestbench.Sweep.NONE)
        .writeTo(testbench);
  }

  @Test
  void theReferencesVectorsPass() {
    for (List<String> options : List.of(List.<String>of(), List.of("+stall=40", "+seed=3"))) {
      ToolRunner.Outcome outcome = run(options);
      assertEquals(0, outcome.exitCode(), outcome.output());
      assertTrue(outcome.output().contains("PASS"), outcome.output());
    }
  }

  @Test
  void aWrongVectorFails() throws IOException {
    Path file = testbench.resolve(VectorFiles.EXPECTED);
    List<String> lines = Files.readAllLines(file);
    String last = lines.get(lines.size() - 1);
    char digit = last.charAt(last.length() - 1);
    lines.set(lines.size() - 1, last.substring(0, last.length() - 1) + (digit == '0' ? '1' : '0'));
    Files.write(file, lines);
    ToolRunner.Outcome outcome = run(List.of());
    assertNotEquals(0, outcome.exitCode(), outcome.output());
    assertTrue(outcome.output().contains("FAIL: frame 2"), outcome.output());
  }

  private ToolRunner.Outcome run(List<String> options) {
    List<String> command = new java.util.ArrayList<>(List.of("sh", "run.sh"));
    command.addAll(options);
    return ToolRunner.run(testbench, 120, command);
  }
}
