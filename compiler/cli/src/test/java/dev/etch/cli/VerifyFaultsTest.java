// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is wrong with the Verilog ends as a failed verification, never as a bug in Etch. */
class VerifyFaultsTest {
  private static final Path ROOT = Path.of(System.getProperty("etch.root"));

  @TempDir private Path temporary;
  private Path folder;

  @BeforeEach
  void compile() {
    folder = temporary.resolve("compiled");
    String model = ROOT.resolve("testbench/models/tiny/tiny.etch").toString();
    assertEquals(
        0, CapturedRun.of("compile", model, "--multipliers", "4", "-o", folder.toString()).code());
  }

  @Test
  void whatIsCompiledPasses() {
    assertEquals(0, CapturedRun.of("verify", folder.toString(), "--random", "3").code());
  }

  @Test
  void verilogThatDoesNotBuild() throws IOException {
    String out = failed("endmodule", "endmodul");
    assertTrue(out.contains("the Verilog does not build"), out);
  }

  @Test
  void aUnitThatHangs() throws IOException {
    String out =
        failed(
            ".push_valid   (unit_pool_pool_output_valid       )",
            ".push_valid   (1'b0                              )");
    assertTrue(out.contains("unit pool_pool"), out);
    assertTrue(out.contains("nothing came in cycle"), out);
    assertWaveform(out);
  }

  @Test
  void aCounterThatCountsTwice() throws IOException {
    String out = failed("monitor_frames_out + 32'h00000001", "monitor_frames_out + 32'h00000002");
    assertTrue(out.contains("read of register framesOut gives 2 instead of 1, in cycle"), out);
    assertWaveform(out);
  }

  @Test
  void aCounterThatStopsAfterYears() throws IOException {
    String out =
        failed("monitor_beats_in + 32'h00000001", "monitor_beats_in + 32'h00000001 & 32'h7fffffff");
    assertTrue(out.contains("read of register inputBeats"), out);
  }

  @Test
  void aFrameTooMany() throws IOException {
    String out = failed("assign m_axis_tvalid = ", "assign m_axis_tvalid = run && aresetn || ");
    assertTrue(out.contains("fault: "), out);
    assertWaveform(out);
  }

  private String failed(String from, String to) throws IOException {
    Path rtl = folder.resolve("rtl/etch_example.v");
    String text = Files.readString(rtl);
    assertTrue(text.contains(from), from);
    Files.writeString(rtl, text.replaceFirst(Pattern.quote(from), Matcher.quoteReplacement(to)));
    CapturedRun run = CapturedRun.of("verify", folder.toString(), "--random", "3", "--jobs", "1");
    assertEquals(1, run.code(), run.toString());
    assertTrue(run.out().startsWith("FAIL"), run.out());
    return run.out();
  }

  private static void assertWaveform(String out) {
    Matcher file = Pattern.compile("waveform: (\\S+)").matcher(out);
    assertTrue(file.find(), out);
    assertTrue(Files.isRegularFile(Path.of(file.group(1))), out);
  }
}
