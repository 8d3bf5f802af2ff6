// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.importer.SharedModels;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A TFLite LSTM: the reference gives TFLite's bytes; hardware has no states yet and says so. */
class RecurrentModelTest {
  private static final int RESULT = 10;
  private static final int FRAME = 28 * 28;

  @TempDir private Path folder;

  private final Path model = SharedModels.require("recurrent/trained_lstm_int8.tflite");
  private final Path frames = model.resolveSibling("trained_lstm_int8.in.bin");
  private final Path expected =
      model.resolveSibling("trained_lstm_int8.expected.StatefulPartitionedCall_0.bin");

  /** The expected outputs are of one interpreter that ran all frames without a reset. */
  @Test
  void everySequenceEqualsTflite() throws IOException {
    assertArrayEquals(Files.readAllBytes(expected), run(frames));
  }

  @Test
  void sequencesBeginAnew() throws IOException {
    byte[] all = Files.readAllBytes(frames);
    byte[] each = run(frames, "--frames-per-sequence", "1");
    byte[] pairs = run(frames, "--frames-per-sequence", "2");
    for (int frame = 0; frame < 4; frame++) {
      Path alone = folder.resolve("frame.bin");
      Files.write(alone, Arrays.copyOfRange(all, frame * FRAME, (frame + 1) * FRAME));
      assertArrayEquals(run(alone), result(each, frame));
    }
    assertArrayEquals(result(each, 98), result(pairs, 98));
    assertFalse(Arrays.equals(each, pairs));
  }

  private static byte[] result(byte[] all, int frame) {
    return Arrays.copyOfRange(all, frame * RESULT, (frame + 1) * RESULT);
  }

  private byte[] run(Path input, String... options) throws IOException {
    Path output = folder.resolve("out.bin");
    CapturedRun run = run(model, input, output, options);
    assertEquals(0, run.code(), run.err());
    return Files.readAllBytes(output);
  }

  private static CapturedRun run(Path model, Path input, Path output, String... options) {
    String[] command = {
      "run", model.toString(), "--input", input.toString(), "--output", output.toString()
    };
    String[] all = Arrays.copyOf(command, command.length + options.length + 2);
    System.arraycopy(options, 0, all, command.length, options.length);
    all[all.length - 2] = "--tflite-kernels";
    all[all.length - 1] = "2.14";
    return CapturedRun.of(all);
  }

  @Test
  void compilationIsRefusedAndInspectionShowsTheModel() {
    Path target = folder.resolve("hdl");
    CapturedRun compiled = CapturedRun.of("compile", model.toString(), "-o", target.toString());
    assertEquals(2, compiled.code());
    assertTrue(
        compiled
            .err()
            .contains(
                "(UNIDIRECTIONAL_SEQUENCE_LSTM): error: IntegerLstm has no hardware form yet"),
        compiled.err());
    assertFalse(Files.exists(target));
    CapturedRun inspected = CapturedRun.of("inspect", model.toString());
    // It shows the model, and what of it is not supported.
    assertEquals(2, inspected.code());
    assertTrue(inspected.err().contains("IntegerLstm has no hardware form yet"), inspected.err());
    // 28 steps of (28 + 20) inputs by 4 gates of 20 cells.
    assertTrue(inspected.out().matches("(?s).* IntegerLstm .* 107,520 .*"), inspected.out());
  }

  @Test
  void sequencesHaveFramesAndBelongToRecurrentModels() {
    Path output = folder.resolve("out.bin");
    CapturedRun none = run(model, frames, output, "--frames-per-sequence", "0");
    assertEquals(2, none.code());
    assertTrue(none.err().contains("--frames-per-sequence 0: at least 1"), none.err());
    Path chain = SharedModels.require("mlperf-tiny/ad_autoencoder_int8.tflite");
    Path input = SharedModels.require("mlperf-tiny/inputs");
    CapturedRun other = run(chain, firstOf(input), output, "--frames-per-sequence", "1");
    assertEquals(2, other.code());
    assertTrue(other.err().contains("this one has no recurrent layer"), other.err());
    assertFalse(Files.exists(output));
  }

  private static Path firstOf(Path folder) {
    try (java.util.stream.Stream<Path> files = Files.list(folder)) {
      return files
          .filter(f -> f.getFileName().toString().startsWith("ad"))
          .findFirst()
          .orElseThrow();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
