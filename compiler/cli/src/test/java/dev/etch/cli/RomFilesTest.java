// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.testbench.ToolRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A design whose memories' contents stand in files beside the Verilog. */
class RomFilesTest {
  private static final long TIMEOUT_SECONDS = 300;
  private static final String WEIGHTS = "rtl/etch_example_conv_convolution_schedule6_rom.hex";

  @TempDir private Path folder;
  private Path design;

  @BeforeEach
  void compile() {
    Path root = Path.of(System.getProperty("etch.root"));
    String model = root.resolve("testbench/models/tiny/tiny.etch").toString();
    design = folder.resolve("tiny");
    CapturedRun run =
        CapturedRun.of(
            "compile", model, "--multipliers", "4", "--rom-files", "-o", design.toString());
    assertEquals(0, run.code(), run.err());
  }

  @Test
  void verilatorAndIcarusReadThem() throws IOException {
    String verilog = Files.readString(design.resolve("rtl/etch_example.v"));
    assertTrue(verilog.contains("initial $readmemh(\""), verilog);
    assertFalse(verilog.contains("_rom[0] ="), verilog);
    assertEquals(0, verify().code());
    assertTrue(icarus().output().contains("PASS"));
    assertEquals(List.of(), Manifest.changes(design));
  }

  @Test
  void anotherWordIsAnotherDesign() throws IOException {
    assertEquals(0, verify().code());
    Path file = design.resolve(WEIGHTS);
    String words = Files.readString(file);
    Files.writeString(file, (words.startsWith("0") ? "f" : "0") + words.substring(1));
    CapturedRun run = verify();
    assertEquals(ExitCode.MISMATCH, run.code(), run.out() + run.err());
    assertFalse(icarus().output().contains("PASS"));
  }

  private CapturedRun verify() {
    return CapturedRun.of("verify", design.toString(), "--random", "3");
  }

  private ToolRunner.Outcome icarus() {
    List<String> command = List.of("sh", design.resolve("testbench/run.sh").toString());
    return ToolRunner.run(design, TIMEOUT_SECONDS, command);
  }
}
