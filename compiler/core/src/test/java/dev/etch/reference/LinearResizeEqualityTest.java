// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Graph;
import dev.etch.graph.PartitionedModel;
import dev.etch.importer.onnx.OnnxImporter;
import dev.etch.optimize.Deviation;
import dev.etch.optimize.StandardPasses;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Resize in mode linear against a default session of ONNX Runtime: the float operator is equal bit
 * by bit; between quantizations with powers of two the integer one is too, and with other scales it
 * is one step apart where a mix is next to a tie.
 */
class LinearResizeEqualityTest {
  private static final int MODELS = 20;
  private static final int FRAMES = 24;

  /** One element in 16 of a map of twice the size is a tie, and one tie in four falls elsewhere. */
  private static final double MOST_MOVED = 0.05;

  private static final List<String> TRANSFORMATIONS =
      List.of("half_pixel", "pytorch_half_pixel", "asymmetric", "align_corners");

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"int8", "uint8"})
  void theFloatOperatorIsEqual(String type) throws IOException {
    for (int seed = 0; seed < MODELS; seed++) {
      Case tried = new Case(IntegerType.parse(type), seed, false);
      Graph graph = OnnxImporter.read(tried.file(folder), new DiagnosticCollector());
      Tensor ours = new Interpreter(graph).run(List.of(tried.x)).get(0);
      assertArrayEquals(tried.theirs(), ((IntegerTensor) ours).data(), "seed " + seed);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"int8", "uint8"})
  void powersOfTwoAreEqual(String type) throws IOException {
    for (int seed = 0; seed < MODELS; seed++) {
      Case tried = new Case(IntegerType.parse(type), seed, true);
      PartitionedModel parts = tried.parts(folder);
      if (Deviation.of(parts).isEmpty()) {
        assertArrayEquals(tried.theirs(), ours(parts, tried.x), "seed " + seed);
      } else {
        assertTrue(seed % 2 == 1, "the factor is 2");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"int8", "uint8"})
  void othersAreOneStepApartNextToTies(String type) throws IOException {
    long moved = 0;
    long all = 0;
    for (int seed = 0; seed < MODELS; seed++) {
      Case tried = new Case(IntegerType.parse(type), seed, false);
      PartitionedModel parts = tried.parts(folder);
      int allowed = Deviation.of(parts).isEmpty() ? 0 : 1;
      int[] ours = ours(parts, tried.x);
      int[] theirs = tried.theirs();
      assertEquals(theirs.length, ours.length);
      for (int i = 0; i < ours.length; i++) {
        int apart = Math.abs(ours[i] - theirs[i]);
        assertTrue(apart <= allowed, "seed " + seed);
        moved += apart;
      }
      all += ours.length;
    }
    long count = moved;
    long of = all;
    assertTrue(count <= MOST_MOVED * of, () -> count + " of " + of);
  }

  private static int[] ours(PartitionedModel parts, Tensor x) {
    List<Tensor> values = List.of(x);
    for (Graph part : List.of(parts.before(), parts.accelerator(), parts.after())) {
      values = new Interpreter(part).run(values);
    }
    return ((IntegerTensor) values.get(0)).data();
  }

  /** A model and frames for it. */
  private static final class Case {
    private final OnnxModel model;
    private final IntegerTensor x;

    Case(IntegerType type, int seed, boolean powersOfTwo) {
      RandomTensors random = new RandomTensors(seed);
      int channels = random.between(1, 3);
      x = random.integers(type, FRAMES, channels, random.between(1, 6), random.between(2, 6));
      boolean twice = seed % 2 == 0;
      String transformation = TRANSFORMATIONS.get(seed / 2 % TRANSFORMATIONS.size());
      boolean whole = transformation.equals("align_corners");
      float rows = whole ? random.between(1, 4) : random.between(2, 8) / 2f;
      float columns = whole ? random.between(2, 4) : random.between(2, 12) / 4f;
      float[] scales = {1, 1, twice ? 2 : rows, twice ? 2 : columns};
      float step = powersOfTwo ? 0.25f : random.scale(0.05);
      boolean same = random.between(0, 1) == 1;
      model =
          new OnnxModel()
              .input("x", x.type())
              .output("y", type)
              .scales("xs", step)
              .zeroPoints("xz", type, random.value(type))
              .constant("scales", FloatTensor.of(Shape.of(4), scales))
              .scales("ys", same ? step : powersOfTwo ? step / 2 : random.scale(0.05))
              .zeroPoints("yz", type, random.value(type))
              .node("", "DequantizeLinear", List.of("x", "xs", "xz"), "fx")
              .node(
                  "",
                  "Resize",
                  List.of("fx", "", "scales"),
                  "fy",
                  "mode",
                  "linear",
                  "coordinate_transformation_mode",
                  transformation)
              .node("", "QuantizeLinear", List.of("fy", "ys", "yz"), "y");
    }

    Path file(Path folder) throws IOException {
      return Files.write(folder.resolve("model.onnx"), model.build());
    }

    PartitionedModel parts(Path folder) throws IOException {
      DiagnosticCollector diagnostics = new DiagnosticCollector();
      return StandardPasses.prepare(OnnxImporter.read(file(folder), diagnostics), diagnostics);
    }

    int[] theirs() {
      return ((IntegerTensor) OnnxRuntime.runWithDefaults(model, Map.of("x", x))).data();
    }
  }
}
