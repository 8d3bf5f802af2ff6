// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.etch.diagnostic.DiagnosticCollector;
import dev.etch.graph.Graph;
import dev.etch.importer.onnx.OnnxImporter;
import dev.etch.optimize.StandardPasses;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Operators that only choose and move elements, on random maps, against ONNX Runtime: 400 frames of
 * each, as batches of several models.
 */
class MovingOperatorEqualityTest {
  private static final int FRAMES = 400;
  private static final int MODELS = 8;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"int8", "uint8"})
  void depthToSpace(String type) throws IOException {
    for (int seed = 0; seed < MODELS; seed++) {
      RandomTensors random = new RandomTensors(seed);
      int size = random.between(1, 3);
      int[] shape = {1, size * size * random.between(1, 3), random.between(1, 4), 3};
      String mode = seed % 2 == 0 ? "DCR" : "CRD";
      check(type, random, shape, "DepthToSpace", "blocksize", size, "mode", mode);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"int8", "uint8"})
  void spaceToDepth(String type) throws IOException {
    for (int seed = 0; seed < MODELS; seed++) {
      RandomTensors random = new RandomTensors(seed);
      int size = random.between(1, 3);
      int[] shape = {1, random.between(1, 4), size * random.between(1, 3), size * 2};
      check(type, random, shape, "SpaceToDepth", "blocksize", size);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"int8", "uint8"})
  void maximumOfWholeMaps(String type) throws IOException {
    for (int seed = 0; seed < MODELS; seed++) {
      RandomTensors random = new RandomTensors(seed);
      int[] maps = {1, random.between(1, 9), random.between(1, 7), random.between(1, 7)};
      check(type, random, maps, "GlobalMaxPool");
      check(type, random, new int[] {1, 3, 9}, "GlobalMaxPool");
      int[] axes = seed % 3 == 0 ? new int[] {1, 2} : new int[] {-1, 2};
      check(type, random, maps, "ReduceMax", "axes", axes, "keepdims", seed % 2);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"reflect", "edge", "wrap"})
  void padByCopies(String mode) throws IOException {
    for (int seed = 0; seed < MODELS; seed++) {
      RandomTensors random = new RandomTensors(seed);
      boolean last = seed % 3 == 0;
      int[] shape = {1, random.between(4, 6), random.between(4, 6), random.between(4, 6)};
      int[] pads = new int[8];
      for (int axis : last ? new int[] {1, 2} : new int[] {2, 3}) {
        pads[axis] = random.between(0, 3);
        pads[axis + 4] = random.between(0, 3);
      }
      IntegerTensor operand = IntegerTensor.of(IntegerType.INT64, Shape.of(8), pads);
      compare(
          "int8",
          random,
          shape,
          model ->
              model
                  .operatorSet(19)
                  .constant("pads", operand)
                  .node("", "Pad", List.of("fx", "pads"), "fy", "mode", mode));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Max", "Min"})
  void largerAndSmaller(String operator) throws IOException {
    for (int seed = 0; seed < MODELS; seed++) {
      RandomTensors random = new RandomTensors(seed);
      int extent = random.between(1, 5);
      int[] shape = {1, random.between(1, 4), extent, extent};
      boolean constant = seed % 2 == 0;
      compare(
          seed % 3 == 0 ? "int8" : "uint8",
          random,
          shape,
          model ->
              model
                  .scales("c", random.scale(1))
                  .node("", "Transpose", List.of("fx"), "ft", "perm", new int[] {0, 1, 3, 2})
                  .node(
                      "",
                      operator,
                      constant ? List.of("fx", "c", "ft") : List.of("ft", "fx"),
                      "fy"));
    }
  }

  private void check(
      String type, RandomTensors random, int[] shape, String operator, Object... attributes)
      throws IOException {
    compare(
        type, random, shape, model -> model.node("", operator, List.of("fx"), "fy", attributes));
  }

  /** The operator between DequantizeLinear and QuantizeLinear of another scale. */
  private void compare(String name, RandomTensors random, int[] shape, UnaryOperator<OnnxModel> op)
      throws IOException {
    IntegerType type = IntegerType.parse(name);
    int[] frames = shape.clone();
    frames[0] = FRAMES / MODELS;
    OnnxModel model =
        op.apply(
                new OnnxModel()
                    .input("x", random.integers(type, frames).type())
                    .output("y", type)
                    .scales("xs", random.scale(0.05))
                    .zeroPoints("xz", type, random.value(type))
                    .scales("ys", random.scale(0.05))
                    .zeroPoints("yz", type, random.value(type))
                    .node("", "DequantizeLinear", List.of("x", "xs", "xz"), "fx"))
            .node("", "QuantizeLinear", List.of("fy", "ys", "yz"), "y");
    Path file = Files.write(folder.resolve("model.onnx"), model.build());
    Graph graph = OnnxImporter.read(file, new DiagnosticCollector());
    IntegerTensor x = random.integers(type, frames);
    IntegerTensor expected = (IntegerTensor) OnnxRuntime.run(model, Map.of("x", x));
    IntegerTensor actual = (IntegerTensor) new Interpreter(graph).run(List.of(x)).get(0);
    assertEquals(expected.shape(), actual.shape());
    assertArrayEquals(expected.data(), actual.data());
    Graph integer = StandardPasses.prepare(graph, new DiagnosticCollector()).accelerator();
    IntegerTensor again = (IntegerTensor) new Interpreter(integer).run(List.of(x)).get(0);
    assertArrayEquals(expected.data(), again.data());
  }
}
