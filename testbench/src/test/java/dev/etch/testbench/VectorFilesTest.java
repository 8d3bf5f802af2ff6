// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.graph.PartitionedModel;
import dev.etch.schedule.ScheduledDesign;
import dev.etch.templates.testbench.IcarusTestbench;
import dev.etch.tensor.IntegerTensor;
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
  private ScheduledDesign design;

  @BeforeEach
  void compile() throws IOException {
    ToolRunner.require("iverilog", "iverilog");
    PartitionedModel model = RandomNetwork.of(SEED);
    design = TestCompiler.compile(model, 4, folder.resolve("rtl"));
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

  @Test
  void queuesThatTakeTheRightBeatsLateAreFound() throws IOException {
    Path rtl = folder.resolve("rtl");
    Path top = rtl.resolve(design.lowered().design().name() + ".v");
    String right = Files.readString(top);
    // Queues that hold one beat instead of two.
    String late = right.replace("push_ready = (! full)", "push_ready = !occupancy");
    assertNotEquals(right, late);
    Files.writeString(top, late);
    ToolRunner.Outcome outcome = run(List.of());
    assertNotEquals(0, outcome.exitCode(), outcome.output());
    assertTrue(outcome.output().contains("in other cycles than predicted"), outcome.output());

    List<IntegerTensor> frames = RandomNetwork.frames(RandomNetwork.of(SEED), FRAMES, SEED);
    VerifyResult result =
        new Verifier(
                design.lowered(),
                rtl,
                VerifyOptions.standard(folder).withPredicted(TestCompiler.predicted(design)))
            .verify(FRAMES, frames::get, (done, total) -> {});
    assertTrue(result.bitsEqual(), result.toString());
    assertTrue(Files.exists(result.fault().orElseThrow().waveform().orElseThrow()));
    String fault = result.fault().orElseThrow().description();
    assertTrue(fault.contains("does not keep its timing"), fault);
    assertTrue(fault.contains("takes its beat"), fault);
  }

  private ToolRunner.Outcome run(List<String> options) {
    List<String> command = new java.util.ArrayList<>(List.of("sh", "run.sh"));
    command.addAll(options);
    return ToolRunner.run(testbench, 120, command);
  }
}
