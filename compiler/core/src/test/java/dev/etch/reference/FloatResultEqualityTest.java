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
import dev.etch.tensor.FloatType;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Last layers whose results stay float, on 400 frames, against a session of ONNX Runtime with
 * default options: equal on every bit where it has an integer kernel, else within the bound that
 * the warning states.
 */
class FloatResultEqualityTest {
  private static final int FRAMES = 400;
  private static final int OUTPUTS = 5;
  private static final Pattern BOUND = Pattern.compile("differ by (\\S+) at most");

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({
    "Gemm, int8, 1, none",
    "Gemm, uint8, 5, none",
    "Gemm, int8, 5, int32",
    "Gemm, uint8, 1, int32",
    "MatMul, int8, 5, none",
    "MatMul, uint8, 1, none"
  })
  void integerKernelsAreEqual(String operator, String type, int scales, String bias)
      throws IOException {
    Compared compared = compare(operator, type, scales, bias, 0.013f);
    assertEquals(List.of(), compared.deviations());
    assertArrayEquals(compared.theirs(), compared.ours());
  }

  @ParameterizedTest
  @CsvSource({
    "Gemm, int8, 1, float",
    "Gemm, int8, 5, float",
    "Gemm, uint8, 1, float",
    "Gemm, uint8, 5, float",
    "MatMul, int8, 5, float",
    "MatMul, uint8, 1, float",
    "Conv, int8, 1, none",
    "Conv, int8, 5, float",
    "Conv, uint8, 5, none",
    "Conv, uint8, 1, float",
    "Conv, int8, 5, int32",
    "Conv, uint8, 1, int32",
    "Depthwise, int8, 5, float",
    "Depthwise, int8, 1, int32",
    "Depthwise, uint8, 5, float",
    "Depthwise, uint8, 1, none"
  })
  void floatSumsAreWithinTheStatedBound(String operator, String type, int scales, String bias)
      throws IOException {
    Compared compared = compare(operator, type, scales, bias, 0.013f);
    assertEquals(1, compared.deviations().size());
    Matcher bound = BOUND.matcher(compared.deviations().get(0).message());
    assertTrue(bound.find());
    assertArrayEquals(compared.theirs(), compared.ours(), Float.parseFloat(bound.group(1)));
  }

  /** All sums of multiples of a power of two are exact, in any order. */
  @Test
  void powersOfTwoAreEqual() throws IOException {
    Compared compared = compare("Conv", "int8", 1, "none", 0x1p-7f);
    assertEquals(List.of(), compared.deviations());
    assertArrayEquals(compared.theirs(), compared.ours());
  }

  private record Compared(float[] theirs, float[] ours, List<Deviation> deviations) {}

  private Compared compare(String operator, String type, int scales, String bias, float scale)
      throws IOException {
    RandomTensors random = new RandomTensors(scales + bias.length());
    boolean isProduct = !operator.equals("Conv") && !operator.equals("Depthwise");
    Shape shape = isProduct ? Shape.of(FRAMES, 60) : Shape.of(FRAMES, OUTPUTS, 5, 4);
    OnnxModel model = model(operator, IntegerType.parse(type), scales, bias, scale, random, shape);
    Path file = Files.write(folder.resolve("model.onnx"), model.build());
    DiagnosticCollector diagnostics = new DiagnosticCollector();
    PartitionedModel parts =
        StandardPasses.prepare(OnnxImporter.read(file, diagnostics), diagnostics);
    FloatTensor x = random.floats(1, shape.toArray());
    List<Tensor> values = List.of(x);
    for (var part : List.of(parts.before(), parts.accelerator(), parts.after())) {
      values = new Interpreter(part).run(values);
    }
    return new Compared(
        ((FloatTensor) OnnxRuntime.runWithDefaults(model, Map.of("x", x))).data(),
        ((FloatTensor) values.get(0)).data(),
        Deviation.of(parts));
  }

  private static OnnxModel model(
      String operator,
      IntegerType type,
      int scales,
      String bias,
      float scale,
      RandomTensors random,
      Shape shape) {
    float[] weightScales = new float[scales];
    float[] biasScales = new float[scales];
    for (int c = 0; c < scales; c++) {
      weightScales[c] = scale * (c + 1);
      biasScales[c] = scale * weightScales[c];
    }
    boolean columns = operator.equals("MatMul");
    OnnxModel model =
        new OnnxModel()
            .input("x", new TensorType(FloatType.FLOAT32, shape))
            .output("y", FloatType.FLOAT32)
            .scales("xs", scale)
            .zeroPoints("xz", type, type.signed() ? 0 : 128)
            .scales("ws", weightScales)
            .zeroPoints("wz", IntegerType.INT8, new int[scales])
            .scales("bs", biasScales)
            .zeroPoints("bz", IntegerType.INT32, new int[scales])
            .constant("w", weights(operator, random))
            .constant("bi", random.between(IntegerType.INT32, -5000, 5000, OUTPUTS))
            .constant("bf", random.floats(1, OUTPUTS))
            .node("", "QuantizeLinear", List.of("x", "xs", "xz"), "xq")
            .node("", "DequantizeLinear", List.of("xq", "xs", "xz"), "xd")
            .node("", "DequantizeLinear", List.of("w", "ws", "wz"), "wd", "axis", columns ? 1 : 0)
            .node("", "DequantizeLinear", List.of("bi", "bs", "bz"), "bd", "axis", 0);
    List<String> operands = new ArrayList<>(List.of("xd", "wd"));
    String addend = bias.equals("int32") ? "bd" : "bf";
    if (!bias.equals("none") && !columns) {
      operands.add(addend);
    }
    switch (operator) {
      case "Gemm" -> model.node("", "Gemm", operands, "y", "transB", 1);
      case "MatMul" -> {
        model.node("", "MatMul", operands, bias.equals("none") ? "y" : "m");
        if (!bias.equals("none")) {
          model.node("", "Add", List.of("m", addend), "y");
        }
      }
      case "Conv" -> model.node("", "Conv", operands, "y", "pads", new int[] {1, 0, 1, 0});
      default -> model.node("", "Conv", operands, "y", "group", OUTPUTS);
    }
    return model;
  }

  private static Tensor weights(String operator, RandomTensors random) {
    return switch (operator) {
      case "Gemm" -> random.weights(IntegerType.INT8, OUTPUTS, 60);
      case "MatMul" -> random.weights(IntegerType.INT8, 60, OUTPUTS);
      case "Conv" -> random.weights(IntegerType.INT8, OUTPUTS, OUTPUTS, 3, 3);
      default -> random.weights(IntegerType.INT8, OUTPUTS, 1, 3, 3);
    };
  }
}
