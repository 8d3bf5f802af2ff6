// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.PartitionedModel;
import dev.etch.importer.onnx.OnnxImporter;
import dev.etch.optimize.Deviation;
import dev.etch.optimize.StandardPasses;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What exporters leave beside plain QDQ equals a session of ONNX Runtime with default options on
 * 400 frames: on every bit where its sums are exact or its kernels are of integers, else within one
 * step, in few outputs, and with a warning.
 */
class ExportedNetworkEqualityTest {
  private static final int FRAMES = 400;

  /** Outputs that float sums may move, in a million. */
  private static final long MOVED_IN_A_MILLION = 2000;

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "clipped, int8",
    "clipped, uint8",
    "bias of 8 bits, int8",
    "bias of 8 bits, uint8",
    "bias of 16 bits, int8",
    "residual, int8",
    "residual, uint8",
    "added bias, int8",
    "added bias, uint8",
    "sixteen bits, int16",
    "sixteen bits, uint16"
  })
  void defaultSessionsAreEqual(String kind, String type) throws IOException {
    IntegerType activations = IntegerType.parse(type);
    Compared exact = compare(kind, activations, true);
    if (activations.bits() <= 8) {
      assertEquals(List.of(), exact.deviations());
    }
    if (exact.deviations().isEmpty()) {
      assertArrayEquals(exact.theirs(), exact.ours());
    }
    Compared rounded = compare(kind, activations, false);
    if (rounded.deviations().isEmpty()) {
      assertArrayEquals(rounded.theirs(), rounded.ours());
    }
    for (Compared compared : List.of(exact, rounded)) {
      long differing = compared.differing();
      assertTrue(
          differing * 1_000_000 <= MOVED_IN_A_MILLION * compared.ours().length,
          () -> kind + ": " + differing + " of " + compared.ours().length);
      assertFalse(differing > 0 && compared.deviations().isEmpty());
    }
  }

  private record Compared(float[] theirs, float[] ours, List<Deviation> deviations) {
    long differing() {
      assertEquals(theirs.length, ours.length);
      long count = 0;
      for (int i = 0; i < ours.length; i++) {
        count += ours[i] == theirs[i] ? 0 : 1;
      }
      return count;
    }
  }

  private Compared compare(String kind, IntegerType type, boolean powersOfTwo) throws IOException {
    OnnxModel model = new ExportedNetwork(type, powersOfTwo, FRAMES, kind.length()).build(kind);
    Path file = Files.write(folder.resolve("model.onnx"), model.build());
    DiagnosticCollector diagnostics = new DiagnosticCollector();
    PartitionedModel parts =
        StandardPasses.prepare(OnnxImporter.read(file, diagnostics), diagnostics);
    FloatTensor x = frames(parts.whole().inputs().get(0).type().shape());
    List<Tensor> values = List.of(x);
    for (var part : List.of(parts.before(), parts.accelerator(), parts.after())) {
      values = new Interpreter(part).run(values);
    }
    return new Compared(
        ((FloatTensor) OnnxRuntime.runWithDefaults(model, Map.of("x", x))).data(),
        ((FloatTensor) values.get(0)).data(),
        Deviation.of(parts));
  }

  /** Frames in turn of independent numbers, of small steps, and of the largest and smallest. */
  private static FloatTensor frames(Shape shape) {
    Random random = new Random(7);
    float[] data = new float[shape.elements()];
    int frame = data.length / FRAMES;
    float largest = 1.5f;
    for (int i = 0; i < data.length; i++) {
      data[i] =
          switch (i / frame % 3) {
            case 0 -> (2 * random.nextFloat() - 1) * largest;
            case 1 -> (float) random.nextGaussian() * largest / 8;
            default -> random.nextBoolean() ? largest : -largest;
          };
    }
    return FloatTensor.of(shape, data);
  }
}
