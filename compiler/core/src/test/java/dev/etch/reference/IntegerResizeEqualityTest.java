// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.diagnostic.DiagnosticException;
import dev.etch.graph.Graph;
import dev.etch.importer.onnx.OnnxImporter;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Resize in mode linear of integers against a default session of ONNX Runtime: every element is
 * equal.
 */
class IntegerResizeEqualityTest {
  private static final int FRAMES = 400;
  private static final int MODELS = 8;

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "int8, half_pixel",
    "uint8, half_pixel",
    "int8, pytorch_half_pixel",
    "int8, asymmetric",
    "uint8, asymmetric"
  })
  void powersOfTwoAreEqual(String type, String transformation) throws IOException {
    for (int seed = 0; seed < MODELS; seed++) {
      RandomTensors random = new RandomTensors(seed);
      IntegerTensor x =
          random.integers(
              IntegerType.parse(type), FRAMES, 2, random.between(1, 5), random.between(1, 5));
      float rows = 1 << random.between(0, 2);
      float columns = 2 << random.between(0, 1);
      OnnxModel model = model(x, transformation, rows, columns);
      Graph graph = OnnxImporter.read(file(model), new DiagnosticCollector());
      int[] ours = ((IntegerTensor) new Interpreter(graph).run(List.of(x)).get(0)).data();
      int[] theirs = ((IntegerTensor) OnnxRuntime.runWithDefaults(model, Map.of("x", x))).data();
      assertArrayEquals(theirs, ours, "seed " + seed);
    }
  }

  @Test
  void otherWeightsAreRefused() throws IOException {
    IntegerTensor x = new RandomTensors(1).integers(IntegerType.parse("int8"), 1, 1, 4, 4);
    Path file = file(model(x, "align_corners", 2, 2));
    DiagnosticCollector diagnostics = new DiagnosticCollector();
    String refused = "";
    try {
      OnnxImporter.read(file, diagnostics);
      diagnostics.throwIfErrors();
    } catch (DiagnosticException e) {
      refused = e.getMessage();
    }
    assertTrue(refused.contains("cuts off"), refused);
  }

  private static OnnxModel model(
      IntegerTensor x, String transformation, float rows, float columns) {
    return new OnnxModel()
        .input("x", x.type())
        .output("y", x.type().element())
        .constant("scales", FloatTensor.of(Shape.of(4), new float[] {1, 1, rows, columns}))
        .node(
            "",
            "Resize",
            List.of("x", "", "scales"),
            "y",
            "mode",
            "linear",
            "coordinate_transformation_mode",
            transformation);
  }

  private Path file(OnnxModel model) throws IOException {
    return Files.write(folder.resolve("model.onnx"), model.build());
  }
}
