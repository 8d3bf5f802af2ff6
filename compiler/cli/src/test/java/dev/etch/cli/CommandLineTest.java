// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a user types, and what comes of it. */
class CommandLineTest {
  private static final Path ROOT = Path.of(System.getProperty("etch.root"));
  private static final Path SAMPLE = ROOT.resolve("testbench/models/lenet5-fashion");
  private static final String MODEL = SAMPLE.resolve("lenet5.onnx").toString();

  private static final String TINY = ROOT.resolve("testbench/models/tiny/tiny.etch").toString();

  @TempDir private Path folder;

  @Test
  void compilesTheSameBytesTwice() throws IOException {
    Path first = compile("first");
    Path second = compile("second");
    List<Path> files = files(first);
    assertEquals(files, files(second));
    assertTrue(files.size() > 20, files.toString());
    for (Path file : files) {
      assertArrayEquals(
          Files.readAllBytes(first.resolve(file)),
          Files.readAllBytes(second.resolve(file)),
          file.toString());
    }
  }

  @Test
  void theMappingItWritesReproducesTheDesign() throws IOException {
    Path first = compile("first");
    Path again = folder.resolve("again");
    String mapping = first.resolve("mapping.etch").toString();
    assertEquals(0, run("compile", MODEL, "-m", mapping, "-o", again.toString()).code());
    assertEquals(
        Files.readString(first.resolve("hardware.etch")),
        Files.readString(again.resolve("hardware.etch")));
  }

  @Test
  void reportsWhatItPromises() throws IOException {
    JsonNode report =
        new ObjectMapper().readTree(compile("reported").resolve("report.json").toFile());
    for (String key :
        List.of("model", "target", "clockMHz", "macs", "nonzeroMacs", "multipliers", "macLanes")) {
      assertTrue(report.has(key), key);
    }
    assertEquals(2_293_000, report.get("macs").asLong());
    assertEquals(298_850, report.get("nonzeroMacs").asLong());
    assertEquals(32, report.get("multipliers").asInt());
    assertTrue(report.get("cyclesPerFrame").get("measured").isNull());
    int multipliers = 0;
    for (JsonNode unit : report.get("units")) {
      for (String key :
          List.of(
              "name",
              "kind",
              "cyclesPerFrame",
              "multipliers",
              "utilization",
              "memoryBits",
              "bits",
              "bitsPerProduct",
              "fifoDepth")) {
        assertTrue(unit.has(key), key);
      }
      multipliers += unit.get("multipliers").asInt();
    }
    assertEquals(32, multipliers);
  }

  @Test
  void runsFramesThroughTheReference() throws IOException {
    Path input = folder.resolve("input.bin");
    Path output = folder.resolve("output.bin");
    Files.write(input, new byte[3 * 28 * 28 * 4]);
    CapturedRun outcome =
        run("run", MODEL, "--input", input.toString(), "--output", output.toString());
    assertEquals(0, outcome.code(), outcome.err());
    byte[] results = Files.readAllBytes(output);
    assertEquals(3 * 10 * 4, results.length);
    Files.write(input, new byte[5]);
    CapturedRun truncated =
        run("run", MODEL, "--input", input.toString(), "--output", output.toString());
    assertDiagnosed(truncated, "3136");
    assertArrayEquals(results, Files.readAllBytes(output), "the old output stays");
  }

  /** A float model is run as it is, though no part of it becomes hardware. */
  @Test
  void runsFloatModelsThroughTheReference() throws IOException {
    Path model = folder.resolve("float.etch");
    Files.writeString(
        model,
        """
        graph "float"
        input %x : float32[1, 2]
        %w = constant() {weights = DenseWeights{tensor = float32[2, 2] [1.0, 2.0, -1.0, 0.5]}} : float32[2, 2]
        %d = dense(%x, %w) : float32[1, 2]
        %y = relu(%d) : float32[1, 2]
        output %y
        """);
    Path input = folder.resolve("input.bin");
    Path output = folder.resolve("output.bin");
    ByteBuffer frames = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    Files.write(input, frames.putFloat(1).putFloat(2).putFloat(-1).putFloat(4).array());
    CapturedRun outcome =
        run("run", model.toString(), "--input", input.toString(), "--output", output.toString());
    assertEquals(0, outcome.code(), outcome.err());
    ByteBuffer results = ByteBuffer.wrap(Files.readAllBytes(output)).order(ByteOrder.LITTLE_ENDIAN);
    float[] numbers = new float[4];
    results.asFloatBuffer().get(numbers);
    assertArrayEquals(new float[] {5, 0, 7, 3}, numbers);
    assertDiagnosed(run("compile", model.toString()), "1 layer computes in floating point");
  }

  /** No message names a temporary file, and no work is done in vain. */
  @Test
  void placesThatCannotBeWrittenAreNamedAsTheUserDid() throws IOException {
    Path input = folder.resolve("input.bin");
    Files.write(input, new byte[28 * 28 * 4]);
    String missing = folder.resolve("missing/out.bin").toString();
    String file = input.resolve("design").toString();
    assertDiagnosed(
        run("run", MODEL, "--input", input.toString(), "--output", missing),
        missing + ": error: is in a folder that does not exist");
    assertDiagnosed(
        run("run", MODEL, "--input", input.toString(), "--output", folder.toString()),
        folder + ": error: is a folder");
    assertDiagnosed(run("compile", TINY, "-o", file), file + ": error: cannot be created");
    assertDiagnosed(
        run("bench", TINY, "--simulate", "0", "--curve", missing), missing + ": error: is in");
  }

  @Test
  void inspectsAsJson() throws IOException {
    CapturedRun outcome = run("inspect", MODEL, "--json");
    assertEquals(0, outcome.code(), outcome.err());
    JsonNode json = new ObjectMapper().readTree(outcome.out());
    assertTrue(json.get("supported").asBoolean());
    assertEquals(298_850, json.get("nonzeroMacs").asLong());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "compile|--multipliers|0|no.onnx",
        "compile|no-such-file.onnx",
        "compile|MODEL|--multipliers|0",
        "compile|MODEL|--target|virtex2",
        "compile|MODEL|--clock|-5",
        "compile|MODEL|--multipliers|8|--fps|10",
        "compile|MODEL|--wrong-flag",
        "compile|MODEL|--cycles|1",
        "compile|MODEL|-m|BROKEN",
        "inspect|BROKEN",
        "verify|no-such-folder",
        "verify|EMPTY",
        "verify|EMPTY|--stall|1.5",
        "run|MODEL|--input|no-such-file|--output|o.bin",
        "run|MODEL",
        "nonsense",
      })
  void badUsageIsOneMessageAndNothingWritten(String line) throws IOException {
    Path broken = Files.writeString(folder.resolve("broken.etch"), "graph \"x\n input ~");
    Path empty = Files.createDirectory(folder.resolve("empty"));
    Path output = folder.resolve("output");
    List<String> arguments =
        new ArrayList<>(
            Stream.of(line.split("\\|", -1))
                .map(w -> w.equals("MODEL") ? MODEL : w)
                .map(w -> w.equals("BROKEN") ? broken.toString() : w)
                .map(w -> w.equals("EMPTY") ? empty.toString() : w)
                .toList());
    if (line.startsWith("compile")) {
      arguments.addAll(List.of("-o", output.toString()));
    }
    assertDiagnosed(run(arguments.toArray(String[]::new)), "");
    assertFalse(Files.exists(output));
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(2, left.count());
    }
  }

  /** ONNX Runtime's averages depend on the order of its sums where they are ties. */
  @Test
  void averagesThatDifferAreTakenUnlessStrict() throws IOException {
    Path model = folder.resolve("ties.etch");
    Files.writeString(
        model,
        """
        graph "ties"
        input %x : int8[1, 1, 4, 4]
        %s = integerSumPool2d(%x) {window = Window{kernelHeight = 2, kernelWidth = 2, \
        strideHeight = 2, strideWidth = 2, dilationHeight = 1, dilationWidth = 1, padTop = 0, \
        padLeft = 0, padBottom = 0, padRight = 0}, layout = NCHW, inputZeroPoint = 0} \
        : int32[1, 1, 2, 2]
        %y = requantize(%s) {channels = [Average{inputScale = 0.1, count = 4, outputScale = 0.1, \
        zeroPoint = 0, low = -128, high = 127, move = 0}], channelAxis = 0, output = int8} : int8[1, 1, 2, 2]
        output %y
        """);
    String target = folder.resolve("ties").toString();
    CapturedRun refused = run("compile", model.toString(), "-o", target, "--strict");
    assertDiagnosed(refused, "leave out --strict");
    assertDiagnosed(run("inspect", model.toString(), "--strict"), "leave out --strict");
    assertFalse(Files.exists(Path.of(target)));
    CapturedRun taken = run("compile", model.toString(), "-o", target);
    assertEquals(0, taken.code(), taken.err());
    String warning = "warning: 255 of the 1,021 sums";
    assertTrue(taken.err().contains(warning), taken.err());
    CapturedRun inspected = run("inspect", model.toString());
    assertEquals(0, inspected.code(), inspected.err());
    assertTrue(inspected.err().contains(warning), inspected.err());
    Path frame = folder.resolve("frame.bin");
    Files.write(frame, new byte[16]);
    String result = folder.resolve("result.bin").toString();
    assertEquals(0, run("run", target, "--input", frame.toString(), "--output", result).code());
  }

  /** Host layers that the driver cannot compute: one message, from both commands. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "%f = add(%x, %x)|%g = dequantize(%q) SCALE|--inputs f",
        "%f = relu(%x)|%h = dequantize(%q) SCALE : float32[1, 4] %g = add(%h, %h)|--outputs h",
        "%f = relu(%x)|%g = dequantize(%q) SCALE|''"
      })
  void whatInspectAcceptsCompileAccepts(String front, String behind, String cut)
      throws IOException {
    String quantization =
        "{quantization = Quantization{type = int8, scales = [0.5], zeroPoints = [0], axis = 0}}";
    Path model = folder.resolve("host.etch");
    Files.writeString(
        model,
        """
        graph "host"
        input %x : float32[1, 4]
        FRONT : float32[1, 4]
        %i = quantize(%f) SCALE : int8[1, 4]
        %w = constant() {weights = DenseWeights{tensor = int8[4, 4] \
        [1, 2, 3, 4, 5, 6, 7, 8, 9, 1, 2, 3, 4, 5, 6, 7]}} : int8[4, 4]
        %s = integerDense(%i, %w) {inputZeroPoint = 0} : int32[1, 4]
        %q = requantize(%s) {channels = [ScaleThenRound{scale = 0.01, zeroPoint = 0, low = -128, \
        high = 127}], channelAxis = 0, output = int8} : int8[1, 4]
        BEHIND : float32[1, 4]
        output %g
        """
            .replace("FRONT", front)
            .replace("BEHIND", behind)
            .replace("SCALE", quantization));
    CapturedRun inspected = run("inspect", model.toString());
    String target = folder.resolve("host").toString();
    CapturedRun compiled = run("compile", model.toString(), "-o", target);
    assertEquals(cut.isEmpty() ? 0 : 2, inspected.code(), inspected.err());
    assertEquals(inspected.code(), compiled.code(), compiled.err());
    assertEquals(inspected.err(), compiled.err());
    if (!cut.isEmpty()) {
      assertDiagnosed(compiled, cut);
      List<String> arguments = new ArrayList<>(List.of("compile", model.toString(), "-o", target));
      arguments.addAll(List.of(cut.split(" ")));
      CapturedRun part = run(arguments.toArray(String[]::new));
      assertEquals(0, part.code(), part.err());
    }
  }

  @Test
  void doesNotOverwriteWhatItDidNotWrite() throws IOException {
    Path precious = Files.createDirectory(folder.resolve("precious"));
    Files.writeString(precious.resolve("thesis.txt"), "years of work");
    assertDiagnosed(run("compile", MODEL, "-o", precious.toString()), "not written by Etch");
    assertEquals("years of work", Files.readString(precious.resolve("thesis.txt")));
  }

  /** What a user changed or added in an output folder is never lost without a word. */
  @Test
  void recompilingKeepsWhatTheUserChanged() throws IOException {
    Path compiled = compileTiny("changed");
    assertEquals(0, run("compile", TINY, "-o", compiled.toString()).code(), "nothing was changed");
    Path mapping = compiled.resolve("mapping.etch");
    Files.writeString(mapping, Files.readString(mapping) + "# my decision\n");
    Files.writeString(compiled.resolve("rtl/wrapper.v"), "module wrapper; endmodule");
    Files.createDirectories(compiled.resolve("driver/target"));
    Files.writeString(compiled.resolve("driver/target/built.jar"), "made again by Maven");
    CapturedRun refused = run("compile", TINY, "-o", compiled.toString());
    assertDiagnosed(refused, compiled + ": error: was changed since Etch wrote it: mapping.etch,");
    assertTrue(refused.err().contains("rtl/wrapper.v would be lost"), refused.err());
    assertTrue(Files.readString(mapping).contains("# my decision"));
    assertEquals(0, run("compile", TINY, "--force", "-o", compiled.toString()).code());
    assertFalse(Files.exists(compiled.resolve("rtl/wrapper.v")));
  }

  @Test
  void theManifestIsWhatSha256sumReads() throws Exception {
    Path compiled = compileTiny("listed");
    Process check =
        new ProcessBuilder("sha256sum", "--check", "--quiet", "--strict", "manifest.sha256")
            .directory(compiled.toFile())
            .inheritIO()
            .start();
    assertEquals(0, check.waitFor());
    assertEquals(
        files(compiled).size() - 1, Files.readAllLines(compiled.resolve("manifest.sha256")).size());
  }

  @Test
  void aWrongOptionIsOneLineAndTheNextOneHelps() {
    assertDiagnosed(run("compile", MODEL, "--multiplier", "3"), "unknown option --multiplier\n");
    assertDiagnosed(run("compile", MODEL, "--multiplier", "3"), "did you mean --multipliers?");
    assertDiagnosed(run("compile", MODEL, "--multipliers", "x"), "'x' is not an int");
  }

  @Test
  void anImpossibleRateNamesTheOneThatIsPossible() {
    CapturedRun outcome = run("compile", TINY, "--fps", "1e9");
    assertDiagnosed(outcome, "1,000,000,000 frames a second cannot be reached at 100.0 MHz");
    assertTrue(outcome.err().contains("36 cycles a frame"), outcome.err());
  }

  @Test
  void anEditedFolderIsNotVerified() throws IOException {
    Path compiled = compile("edited");
    Path hardware = compiled.resolve("hardware.etch");
    Files.writeString(hardware, Files.readString(hardware).replace("depth 2", "depth 3"));
    assertDiagnosed(run("verify", compiled.toString()), "compile the model again");
  }

  private Path compileTiny(String name) {
    Path output = folder.resolve(name);
    CapturedRun outcome = run("compile", TINY, "-o", output.toString());
    assertEquals(0, outcome.code(), outcome.err());
    return output;
  }

  private Path compile(String name) {
    Path output = folder.resolve(name);
    CapturedRun outcome = run("compile", MODEL, "--multipliers", "32", "-o", output.toString());
    assertEquals(0, outcome.code(), outcome.err());
    return output;
  }

  private static List<Path> files(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(Files::isRegularFile).map(root::relativize).sorted().toList();
    }
  }

  private static void assertDiagnosed(CapturedRun outcome, String expected) {
    assertEquals(2, outcome.code(), outcome.err());
    assertFalse(outcome.err().isBlank());
    assertFalse(outcome.err().contains("\tat "), outcome.err());
    assertTrue(outcome.err().contains(expected), outcome.err());
  }

  private static CapturedRun run(String... arguments) {
    return CapturedRun.of(arguments);
  }
}
