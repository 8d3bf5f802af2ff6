// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Networks in which values have several readers equal what an ONNX Runtime session with default
 * options computes, which depends on the structure of the graph: uint8 always, int8 too where float
 * sums are exact; where their order decides, in all but the few outputs that the reported bound
 * allows.
 */
class ForkedNetworkEqualityTest {
  private static final int FRAMES = 400;

  /** Outputs that float sums may move, in a million: 375 were the most of 80 networks. */
  private static final long MOVED_IN_A_MILLION = 1000;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "fork",
        "three readers",
        "residual chain",
        "squeeze and excite",
        "concat",
        "global average",
        "input fork",
        "signed sum and product",
        "quantized for each reader",
        "difference",
        "normalized"
      })
  void defaultSessionsAreEqual(String kind) throws IOException {
    for (boolean perChannel : new boolean[] {false, true}) {
      Compared unsigned = compare(kind, IntegerType.UINT8, perChannel, false);
      assertArrayEquals(unsigned.theirs(), unsigned.ours());
      Compared exact = compare(kind, IntegerType.INT8, perChannel, true);
      assertArrayEquals(exact.theirs(), exact.ours());
      Compared signed = compare(kind, IntegerType.INT8, perChannel, false);
      if (signed.deviations().isEmpty()) {
        assertArrayEquals(signed.theirs(), signed.ours());
      }
      long differing = signed.differing();
      assertTrue(
          differing * 1_000_000 <= MOVED_IN_A_MILLION * signed.ours().length,
          () -> kind + ": " + differing + " of " + signed.ours().length);
    }
  }

  /** Places have staircases of their own, so such a model has one frame. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void averagesOverTheEdgeAreEqual(boolean powersOfTwo) throws IOException {
    String kind = "average over the edge";
    OnnxModel model =
        new ForkedNetwork(IntegerType.INT8, false, powersOfTwo, 1, kind.length()).build(kind);
    PartitionedModel parts = prepare(model);
    FloatTensor all = frames(Shape.of(FRAMES, 4, 6, 5));
    int differing = 0;
    for (int i = 0; i < FRAMES; i++) {
      Shape shape = parts.whole().inputs().get(0).type().shape();
      int elements = shape.elements();
      FloatTensor x =
          FloatTensor.of(shape, Arrays.copyOfRange(all.data(), i * elements, (i + 1) * elements));
      float[] theirs = ((FloatTensor) OnnxRuntime.runWithDefaults(model, Map.of("x", x))).data();
      differing += Arrays.equals(theirs, run(parts, x)) ? 0 : 1;
    }
    assertTrue(differing == 0 || !Deviation.of(parts).isEmpty(), differing + " frames");
    assertTrue(differing <= FRAMES / 20, differing + " frames");
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

  private Compared compare(String kind, IntegerType type, boolean perChannel, boolean powersOfTwo)
      throws IOException {
    OnnxModel model =
        new ForkedNetwork(type, perChannel, powersOfTwo, FRAMES, kind.length()).build(kind);
    PartitionedModel parts = prepare(model);
    FloatTensor x = frames(parts.whole().inputs().get(0).type().shape());
    return new Compared(
        ((FloatTensor) OnnxRuntime.runWithDefaults(model, Map.of("x", x))).data(),
        run(parts, x),
        Deviation.of(parts));
  }

  private PartitionedModel prepare(OnnxModel model) throws IOException {
    Path file = Files.write(folder.resolve("model.onnx"), model.build());
    DiagnosticCollector diagnostics = new DiagnosticCollector();
    return StandardPasses.prepare(OnnxImporter.read(file, diagnostics), diagnostics);
  }

  private static float[] run(PartitionedModel parts, FloatTensor x) {
    List<Tensor> values = List.of(x);
    for (var part : List.of(parts.before(), parts.accelerator(), parts.after())) {
      values = new Interpreter(part).run(values);
    }
    return ((FloatTensor) values.get(0)).data();
  }

  /** Frames in turn of independent numbers, of small steps, and of the largest and smallest. */
  private static FloatTensor frames(Shape shape) {
    Random random = new Random(7);
    float[] data = new float[shape.elements()];
    int frame = data.length / FRAMES;
    float largest = 127 * ForkedNetwork.INPUT_SCALE;
    for (int i = 0; i < data.length; i++) {
      data[i] =
          switch (i / frame % 3) {
            case 0 -> (2 * random.nextFloat() - 1) * largest;
            case 1 ->
                (i % frame == 0 ? 0 : data[i - 1]) + (float) random.nextGaussian() * largest / 16;
            default -> random.nextBoolean() ? largest : -largest;
          };
    }
    return FloatTensor.of(shape, data);
  }
}
