// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.testbench.ToolRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The smallest model, with its feature maps as outputs too: what is read on also leaves. */
class SeveralOutputsTest {
  private static final Path ROOT = Path.of(System.getProperty("etch.root"));
  private static final int TIMEOUT_SECONDS = 300;
  private static final int FRAME_ELEMENTS = 36;

  @TempDir private Path temporary;
  private Path model;
  private Path folder;

  @BeforeEach
  void compile() throws IOException {
    String tiny = Files.readString(ROOT.resolve("testbench/models/tiny/tiny.etch"));
    model = temporary.resolve("three.etch");
    String outputs = "output %scores\noutput %pooled\noutput %map";
    Files.writeString(model, tiny.replace("output %scores", outputs));
    folder = temporary.resolve("compiled");
    succeeds("compile", model.toString(), "--multipliers", "4", "-o", folder.toString());
  }

  @Test
  void verifyAndIcarusCompareEachOutput() {
    CapturedRun run = succeeds("verify", folder.toString(), "--random", "3", "--stall", "0.3");
    assertTrue(run.out().startsWith("PASS"), run.out());
    assertTrue(run.out().contains("as predicted, latency"), run.out());
    List<String> icarus = List.of("sh", folder.resolve("testbench/run.sh").toString(), "+stall=30");
    String output = ToolRunner.run(folder, TIMEOUT_SECONDS, icarus).output();
    assertTrue(output.contains("PASS"), output);
  }

  @Test
  void theHardwareGivesTheFilesOfTheReference() throws IOException {
    byte[] frames = new byte[3 * FRAME_ELEMENTS];
    for (int i = 0; i < frames.length; i++) {
      frames[i] = (byte) (i * i);
    }
    Path input = Files.write(temporary.resolve("in.bin"), frames);
    for (String engine : List.of("reference", "verilator")) {
      String output = temporary.resolve(engine + ".bin").toString();
      succeeds(
          "run",
          folder.toString(),
          "--engine",
          engine,
          "--input",
          input.toString(),
          "--output",
          output);
    }
    for (String name : List.of("scores", "pooled", "map")) {
      byte[] expected = Files.readAllBytes(temporary.resolve("reference." + name + ".bin"));
      assertArrayEquals(
          expected, Files.readAllBytes(temporary.resolve("verilator." + name + ".bin")), name);
    }
  }

  @Test
  void someOutputsCanBeLeftOut() throws IOException {
    Path cut = temporary.resolve("cut");
    succeeds("compile", model.toString(), "--outputs", "map,scores", "-o", cut.toString());
    String hardware = Files.readString(cut.resolve("hardware.etch"));
    assertTrue(hardware.contains("named \"m_axis_map\""), hardware);
    assertTrue(hardware.contains("named \"m_axis_scores\""), hardware);
    assertEquals(-1, hardware.indexOf("named \"m_axis_pooled\""));
  }

  @Test
  void aCounterOfAnotherOutputThatCountsTwiceIsFound() throws IOException {
    String out =
        failed("monitor_others_0_beats_out + 32'h00000001", "monitor_others_0_beats_out + 32'h2");
    assertTrue(out.contains("read of register output1Beats"), out);
  }

  @Test
  void aWrongBeatOfAnotherOutputIsFound() throws IOException {
    String out = failed("assign m_axis_map_tdata = ", "assign m_axis_map_tdata = 16'h1 ^ ");
    assertTrue(out.contains("of 'map'"), out);
  }

  @Test
  void aFrameThatLeavesWithItsFirstOutputIsFound() throws IOException {
    String out = failed("assign frame_left = ", "assign frame_left = 1'b0 && ");
    assertTrue(out.contains("register"), out);
  }

  @Test
  void labelsNeedOneOutput() throws IOException {
    Path labels = Files.write(temporary.resolve("labels"), new byte[1]);
    CapturedRun run =
        CapturedRun.of("verify", folder.toString(), "--random", "1", "--labels", labels.toString());
    assertEquals(2, run.code(), run.err());
    assertTrue(run.err().contains("one output"), run.err());
  }

  private String failed(String from, String to) throws IOException {
    Path rtl = folder.resolve("rtl/etch_example.v");
    String text = Files.readString(rtl);
    assertTrue(text.contains(from), from);
    Files.writeString(rtl, text.replace(from, to));
    CapturedRun run = CapturedRun.of("verify", folder.toString(), "--random", "3", "--jobs", "1");
    assertEquals(1, run.code(), run.toString());
    return run.out();
  }

  private static CapturedRun succeeds(String... command) {
    CapturedRun run = CapturedRun.of(command);
    assertEquals(0, run.code(), command[0] + ": " + run.out() + run.err());
    return run;
  }
}
