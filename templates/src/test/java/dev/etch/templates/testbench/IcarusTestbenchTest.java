// SPDX-License-Identifier: Apache-2.0
package dev.etch.templates.testbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.hardware.Design;
import dev.etch.hardware.Stream;
import dev.etch.hardware.StreamType;
import dev.etch.hardware.WidthUnit;
import dev.etch.tensor.IntegerType;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs the generated testbench on Icarus Verilog with a hand-written stand-in, right and wrong. */
class IcarusTestbenchTest {
  private static final int FRAMES = 3;
  private static final int BEATS = 4;

  private record Run(int exitCode, String output) {}

  private static Design design() {
    Stream in = new Stream("in", new StreamType(2, IntegerType.INT8), BEATS);
    Stream middle = new Stream("middle", new StreamType(1, IntegerType.INT8), 2 * BEATS);
    Stream out = new Stream("out", new StreamType(2, IntegerType.UINT8), BEATS);
    Map<Stream, Integer> depths = new LinkedHashMap<>();
    for (Stream stream : List.of(in, middle, out)) {
      depths.put(stream, 2);
    }
    return new Design(
        "top",
        List.of(
            new WidthUnit("narrow", "narrow", in, middle),
            new WidthUnit("widen", "widen", middle, out)),
        depths,
        in,
        out);
  }

  private static Run run(Path folder, int fault, String... arguments) throws Exception {
    Path testbench = Files.createDirectories(folder.resolve("testbench"));
    IcarusTestbench.generate(design(), 0x8badf00d, FRAMES, 10).writeTo(testbench);
    StringBuilder inputs = new StringBuilder();
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < FRAMES * BEATS; i++) {
      inputs.append(String.format("%04x\n", i * 1000));
      expected.append(String.format("%04x\n", i * 1000 + 1));
    }
    Files.writeString(testbench.resolve("input.hex"), inputs);
    Files.writeString(testbench.resolve("expected.hex"), expected);
    Path rtl = Files.createDirectories(folder.resolve("rtl"));
    try (InputStream stream = IcarusTestbenchTest.class.getResourceAsStream("top.v")) {
      String source = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      Files.writeString(rtl.resolve("top.v"), "`define FAULT " + fault + "\n" + source);
    }
    List<String> command = new ArrayList<>(List.of("sh", testbench.resolve("run.sh").toString()));
    command.addAll(Arrays.asList(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Run(process.waitFor(), output);
  }

  @Test
  void equalOutputPasses(@TempDir Path folder) throws Exception {
    Run run = run(folder, 0);
    assertEquals(0, run.exitCode(), run.output());
    assertTrue(run.output().contains("PASS: 3 frames, 12 beats equal"), run.output());
    assertTrue(!run.output().contains("warning"), run.output());
  }

  @ParameterizedTest
  @CsvSource({"10, 1", "50, 2", "50, 3", "90, 4"})
  void pausesDoNotMatter(int stall, int seed, @TempDir Path folder) throws Exception {
    Run run = run(folder, 0, "+stall=" + stall, "+seed=" + seed);
    assertEquals(0, run.exitCode(), run.output());
    assertTrue(run.output().contains("PASS: 3 frames, 12 beats equal"), run.output());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1 | FAIL: frame 1, beat 1: expected 1389, got 138a",
        "2 | FAIL: frame 0, beat 2: tlast is 1",
        "3 | FAIL: nothing moves after 5 of 12 input and 5 of 12 output beats",
        "4 | FAIL: register 00 reads deadbeef instead of 45544348"
      })
  void eachFaultIsNamed(int fault, String message, @TempDir Path folder) throws Exception {
    Run run = run(folder, fault);
    assertTrue(run.output().contains(message), run.output());
    assertTrue(!run.output().contains("PASS"), run.output());
    assertEquals(1, run.exitCode(), run.output());
  }
}
