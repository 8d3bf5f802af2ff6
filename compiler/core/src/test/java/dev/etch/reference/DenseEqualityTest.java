// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import static dev.etch.reference.Layers.CASES;
import static dev.etch.reference.Layers.MICROSOFT;
import static dev.etch.reference.Layers.evaluate;
import static dev.etch.reference.Layers.scaleThenRound;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.etch.op.Dequantize;
import dev.etch.op.IntegerDense;
import dev.etch.op.Quantization;
import dev.etch.tensor.FloatType;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The rows of docs/rationale/arithmetic.md about matrix products against ONNX Runtime: every
 * element is equal.
 */
class DenseEqualityTest {
  @ParameterizedTest
  @CsvSource({"uint8, int8, false", "uint8, uint8, false", "int8, int8, false", "int8, int8, true"})
  void qlinearMatMul(String input, String weight, boolean perColumn) {
    IntegerType type = IntegerType.parse(input);
    for (int seed = 0; seed < CASES; seed++) {
      DenseCase c = new DenseCase(seed, type, IntegerType.parse(weight), perColumn);
      OnnxModel model =
          c.model()
              .output("y", type)
              .node(
                  "", "QLinearMatMul", List.of("x", "xs", "xz", "w", "ws", "wz", "ys", "yz"), "y");
      Tensor sum = evaluate(new IntegerDense(c.xZero), c.x, c.weights());
      Tensor ours = evaluate(scaleThenRound(c.scales(), c.yZero, 1, type), sum);
      assertEquals(ours, OnnxRuntime.run(model, Map.of("x", c.x)), "seed " + seed);
    }
  }

  @ParameterizedTest
  @CsvSource({"uint8, int8, false", "uint8, int8, true", "int8, int8, true"})
  void qgemm(String input, String weight, boolean perColumn) {
    IntegerType type = IntegerType.parse(input);
    for (int seed = 0; seed < CASES; seed++) {
      DenseCase c = new DenseCase(seed, type, IntegerType.parse(weight), perColumn);
      OnnxModel model =
          c.model()
              .output("y", type)
              .constant("b", c.bias)
              .node(
                  MICROSOFT,
                  "QGemm",
                  List.of("x", "xs", "xz", "w", "ws", "wz", "b", "ys", "yz"),
                  "y",
                  "alpha",
                  1f);
      Tensor sum = evaluate(new IntegerDense(c.xZero), c.x, c.weights(), c.bias);
      Tensor ours = evaluate(scaleThenRound(c.scales(), c.yZero, 1, type), sum);
      assertEquals(ours, OnnxRuntime.run(model, Map.of("x", c.x)), "seed " + seed);
    }
  }

  @ParameterizedTest
  @CsvSource({"uint8, int8, true", "int8, int8, true"})
  void qgemmWithFloatResult(String input, String weight, boolean perColumn) {
    IntegerType type = IntegerType.parse(input);
    for (int seed = 0; seed < CASES; seed++) {
      DenseCase c = new DenseCase(seed, type, IntegerType.parse(weight), perColumn);
      OnnxModel model =
          c.model()
              .output("y", FloatType.FLOAT32)
              .constant("b", c.bias)
              .node(
                  MICROSOFT,
                  "QGemm",
                  List.of("x", "xs", "xz", "w", "ws", "wz", "b"),
                  "y",
                  "alpha",
                  1f);
      Tensor sum = evaluate(new IntegerDense(c.xZero), c.x, c.weights(), c.bias);
      List<Float> scales = new ArrayList<>();
      for (float scale : c.wScales) {
        scales.add(c.xScale * scale);
      }
      Tensor ours =
          evaluate(
              new Dequantize(
                  new Quantization(
                      IntegerType.INT32, scales, scales.stream().map(s -> 0).toList(), 1)),
              sum);
      assertEquals(ours, OnnxRuntime.run(model, Map.of("x", c.x)), "seed " + seed);
    }
  }

  @ParameterizedTest
  @CsvSource({"uint8, int8", "uint8, uint8", "int8, int8"})
  void matMulInteger(String input, String weight) {
    for (int seed = 0; seed < CASES; seed++) {
      DenseCase c = new DenseCase(seed, IntegerType.parse(input), IntegerType.parse(weight), false);
      OnnxModel model =
          c.model()
              .output("y", IntegerType.INT32)
              .node("", "MatMulInteger", List.of("x", "w", "xz", "wz"), "y");
      Tensor ours = evaluate(new IntegerDense(c.xZero), c.x, c.weights());
      assertEquals(ours, OnnxRuntime.run(model, Map.of("x", c.x)), "seed " + seed);
    }
  }

  /** QDQ around Gemm, with and without quantized result. */
  @ParameterizedTest
  @CsvSource({"uint8, true", "uint8, false", "int8, true", "int8, false"})
  void qdqGemm(String input, boolean quantized) {
    IntegerType type = IntegerType.parse(input);
    for (int seed = 0; seed < CASES; seed++) {
      DenseCase c = new DenseCase(seed, type, IntegerType.INT8, false, true);
      OnnxModel model =
          c.model()
              .constant("b", c.bias)
              .scales("bs", c.xScale * c.wScales[0])
              .zeroPoints("bz", IntegerType.INT32, 0)
              .node("", "DequantizeLinear", List.of("x", "xs", "xz"), "fx")
              .node("", "DequantizeLinear", List.of("w", "ws", "wz"), "fw")
              .node("", "DequantizeLinear", List.of("b", "bs", "bz"), "fb")
              .node("", "Gemm", List.of("fx", "fw", "fb"), quantized ? "fy" : "y");
      Tensor sum = evaluate(new IntegerDense(c.xZero), c.x, c.weights(), c.bias);
      Tensor ours;
      if (quantized) {
        model.output("y", type).node("", "QuantizeLinear", List.of("fy", "ys", "yz"), "y");
        ours = evaluate(scaleThenRound(c.scales(), c.yZero, 1, type), sum);
      } else {
        model.output("y", FloatType.FLOAT32);
        float scale = c.xScale * c.wScales[0];
        ours = evaluate(new Dequantize(Quantization.perTensor(IntegerType.INT32, scale, 0)), sum);
      }
      assertEquals(ours, OnnxRuntime.run(model, Map.of("x", c.x)), "seed " + seed);
    }
  }
}
