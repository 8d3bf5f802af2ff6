// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Models that users reported, with input frames and the bytes that the framework gives for them:
 * the reference equals these bytes, and the Verilog the reference. They lie beside the repository,
 * in the folder {@code cases} of {@code ../shared}, and are not part of it.
 */
class SharedCasesTest {
  private static final float CLOSE = 2e-6f;

  /** ONNX Runtime sums floats for these, in an order of its own: so close, with a warning. */
  private static final Map<String, Float> FLOAT_SUMS =
      Map.of(
          "dead-channel-float-1e-09", CLOSE,
          "gemm-float-bias-float-result", CLOSE,
          "gemm-uint8-float-bias", CLOSE,
          "matmul-add-float-result", CLOSE,
          // One step of the result's quantization, of 2 % of the elements: ties.
          "resize-linear", 0.10001f,
          "weights-quantized-in-graph", CLOSE);

  /** qonnx has zeros with a sign, and integers have none: equal numbers. */
  private static final Set<String> SIGNED_ZEROS = Set.of("qonnx-concat-unequal");

  /** What is refused today, and the operator or option that the diagnostic names. */
  private static final Map<String, String> REFUSED = Map.of("layernorm", "LayerNormalization");

  @TempDir private Path folder;

  @TestFactory
  List<DynamicTest> everyCaseIsEqualOrSaysWhyNot() throws IOException {
    Path cases = cases();
    try (Stream<Path> files = Files.list(cases)) {
      return files
          .filter(file -> file.toString().matches(".*\\.(onnx|tflite)"))
          .sorted()
          .map(file -> DynamicTest.dynamicTest(name(file), () -> check(file)))
          .toList();
    }
  }

  private static Path cases() {
    String shared = System.getenv("ETCH_SHARED");
    Path folder =
        shared == null ? Path.of(System.getProperty("etch.root"), "..", "shared") : Path.of(shared);
    Path cases = folder.resolve("cases");
    if (!Files.isDirectory(cases)) {
      String missing = cases + " is not here (set ETCH_SHARED to the shared folder)";
      if ("true".equals(System.getenv("CI"))) {
        fail(missing);
      }
      Assumptions.abort(missing);
    }
    return cases;
  }

  private void check(Path model) throws IOException {
    String refused = REFUSED.get(name(model));
    if (refused != null) {
      isRefused(model, refused);
      return;
    }
    Path whole = model.resolveSibling(name(model) + ".expected.bin");
    if (!Files.exists(whole)) {
      ExpectedOutputs.check(model, folder);
      verifies(model);
      return;
    }
    byte[] expected = Files.readAllBytes(whole);
    byte[] ours = reference(model);
    if (FLOAT_SUMS.containsKey(name(model))) {
      assertClose(expected, ours, FLOAT_SUMS.get(name(model)));
      assertTrue(run("inspect", model.toString()).err().contains("warning"), "no warning");
      assertEquals(2, run("inspect", model.toString(), "--strict").code());
    } else if (SIGNED_ZEROS.contains(name(model))) {
      assertEqualNumbers(expected, ours);
    } else {
      assertArrayEquals(expected, ours);
    }
    verifies(model);
  }

  private byte[] reference(Path model) throws IOException {
    String input = model.resolveSibling(name(model) + ".in.bin").toString();
    Path output = folder.resolve(name(model) + ".bin");
    succeeds("run", model.toString(), "--input", input, "--output", output.toString());
    return Files.readAllBytes(output);
  }

  private static void assertClose(byte[] expected, byte[] ours, float tolerance) {
    FloatBuffer wanted = floats(expected);
    FloatBuffer given = floats(ours);
    assertEquals(wanted.remaining(), given.remaining());
    while (wanted.hasRemaining()) {
      assertEquals(wanted.get(), given.get(), tolerance);
    }
  }

  private static void assertEqualNumbers(byte[] expected, byte[] ours) {
    FloatBuffer wanted = floats(expected);
    FloatBuffer given = floats(ours);
    assertEquals(wanted.remaining(), given.remaining());
    while (wanted.hasRemaining()) {
      assertEquals(wanted.get() + 0f, given.get() + 0f);
    }
  }

  private static FloatBuffer floats(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }

  private void verifies(Path model) {
    String target = folder.resolve(name(model)).toString();
    succeeds("inspect", model.toString());
    succeeds("compile", model.toString(), "--multipliers", "128", "-o", target);
    succeeds("verify", target, "--random", "4", "--stall", "0.2");
  }

  private static void succeeds(String... command) {
    CapturedRun run = run(command);
    assertEquals(0, run.code(), command[0] + ": " + run.out() + run.err());
  }

  private void isRefused(Path model, String reason) {
    String target = folder.resolve(name(model)).toString();
    for (CapturedRun run :
        List.of(run("inspect", model.toString()), run("compile", model.toString(), "-o", target))) {
      assertEquals(2, run.code(), run.err());
      assertTrue(run.err().contains(reason), run.err());
      assertFalse(run.err().contains("\tat "), run.err());
    }
  }

  private static CapturedRun run(String... arguments) {
    return CapturedRun.of(arguments);
  }

  private static String name(Path model) {
    String file = model.getFileName().toString();
    return file.substring(0, file.lastIndexOf('.'));
  }
}
