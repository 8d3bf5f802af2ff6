// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model of floats runs as it is, and is refused where it would become hardware. */
class FloatModelTest {
  @TempDir private Path folder;
  private Path model;

  @BeforeEach
  void write() throws IOException {
    model = folder.resolve("float.etch");
    Files.writeString(
        model,
        """
        graph "float"
        input %x : float32[1, 2]
        %w = constant() {weights = DenseWeights{tensor = float32[2, 2] [1.0, 2.0, -3.0, 0.5]}} : float32[2, 2]
        %d = dense(%x, %w) : float32[1, 2]
        %y = relu(%d) : float32[1, 2]
        output %y
        """);
  }

  @Test
  void theReferenceRunsIt() throws IOException {
    Path input = Files.write(folder.resolve("x.bin"), bytes(0.5f, 0.25f, -1, 0.5f));
    Path output = folder.resolve("y.bin");
    CapturedRun run =
        CapturedRun.of(
            "run", model.toString(), "--input", input.toString(), "--output", output.toString());
    assertEquals(ExitCode.FINE, run.code(), run.err());
    assertArrayEquals(bytes(1, 0, 0, 3.25f), Files.readAllBytes(output));
  }

  @Test
  void aCutFrameIsRefused() throws IOException {
    Path input = Files.write(folder.resolve("x.bin"), new byte[7]);
    CapturedRun run =
        CapturedRun.of(
            "run",
            model.toString(),
            "--input",
            input.toString(),
            "--output",
            folder.resolve("y.bin").toString());
    assertEquals(ExitCode.BAD_INPUT, run.code(), run.err());
    assertTrue(run.err().contains("x.bin"), run.err());
  }

  @Test
  void compileSaysWhatToDo() {
    CapturedRun run =
        CapturedRun.of("compile", model.toString(), "-o", folder.resolve("out").toString());
    assertEquals(ExitCode.BAD_INPUT, run.code());
    assertTrue(run.err().contains("this is a float model"), run.err());
    assertTrue(run.err().contains("etch compress"), run.err());
  }

  private static byte[] bytes(float... numbers) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(numbers);
    return bytes.array();
  }
}
