// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import static dev.etch.reference.Layers.CASES;
import static dev.etch.reference.Layers.evaluate;
import static dev.etch.reference.Layers.layerScales;
import static dev.etch.reference.Layers.minus;
import static dev.etch.reference.Layers.repeat;
import static dev.etch.reference.Layers.scaleThenRound;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.op.IntegerConv2d;
import dev.etch.op.IntegerDense;
import dev.etch.op.Layout;
import dev.etch.op.Window;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The rows of docs/rationale/arithmetic.md about convolutions against ONNX Runtime: every element
 * is equal.
 */
class ConvolutionEqualityTest {
  @ParameterizedTest
  @CsvSource({
    "uint8, uint8, false",
    "uint8, int8, false",
    "uint8, int8, true",
    "int8, int8, false",
    "int8, int8, true"
  })
  void qlinearConv(String input, String weight, boolean perChannel) {
    IntegerType type = IntegerType.parse(input);
    for (int seed = 0; seed < CASES; seed++) {
      RandomTensors random = new RandomTensors(seed);
      int groups = seed % 3 == 2 ? 2 : 1;
      int channels = groups * random.between(1, 9);
      int outputs = groups * random.between(1, 9);
      IntegerTensor x = random.integers(type, 1, channels, 9, 8);
      IntegerTensor w = random.weights(IntegerType.parse(weight), outputs, channels / groups, 3, 2);
      IntegerTensor bias = random.between(IntegerType.INT32, -5000, 5000, outputs);
      int xZero = random.value(type);
      int yZero = random.value(type);
      int wZero = weight.equals("uint8") ? random.value(IntegerType.UINT8) : 0;
      float xScale = random.scale(0.02);
      float[] wScales = random.scales(0.01, perChannel ? outputs : 1);
      float yScale = random.scale(0.2);
      Window window = new Window(3, 2, 1 + seed % 2, 1, 1, 1 + seed / 4, 1, 0, 2, 1);
      OnnxModel model =
          new OnnxModel()
              .input("x", x.type())
              .output("y", type)
              .scales("xs", xScale)
              .zeroPoints("xz", type, xZero)
              .constant("w", w)
              .scales("ws", wScales)
              .zeroPoints("wz", IntegerType.parse(weight), repeat(wZero, wScales.length))
              .scales("ys", yScale)
              .zeroPoints("yz", type, yZero)
              .constant("b", bias)
              .node(
                  "",
                  "QLinearConv",
                  List.of("x", "xs", "xz", "w", "ws", "wz", "ys", "yz", "b"),
                  "y",
                  "kernel_shape",
                  new int[] {3, 2},
                  "strides",
                  new int[] {window.strideHeight(), window.strideWidth()},
                  "dilations",
                  new int[] {window.dilationHeight(), window.dilationWidth()},
                  "pads",
                  new int[] {1, 0, 2, 1},
                  "group",
                  groups);
      Tensor sum =
          evaluate(new IntegerConv2d(window, Layout.NCHW, groups, xZero), x, minus(w, wZero), bias);
      Tensor ours =
          evaluate(scaleThenRound(layerScales(xScale, wScales, yScale), yZero, 1, type), sum);
      assertEquals(ours, OnnxRuntime.run(model, Map.of("x", x)), "seed " + seed);
    }
  }

  @ParameterizedTest
  @CsvSource({"uint8, int8", "uint8, uint8", "int8, int8"})
  void convInteger(String input, String weight) {
    IntegerType type = IntegerType.parse(input);
    for (int seed = 0; seed < CASES; seed++) {
      RandomTensors random = new RandomTensors(seed);
      IntegerTensor x = random.integers(type, 1, 3, 7, 7);
      IntegerTensor w = random.weights(IntegerType.parse(weight), 4, 3, 3, 3);
      int xZero = random.value(type);
      int wZero = random.value(IntegerType.parse(weight));
      OnnxModel model =
          new OnnxModel()
              .input("x", x.type())
              .output("y", IntegerType.INT32)
              .constant("w", w)
              .zeroPoints("xz", type, xZero)
              .zeroPoints("wz", IntegerType.parse(weight), wZero)
              .node(
                  "",
                  "ConvInteger",
                  List.of("x", "w", "xz", "wz"),
                  "y",
                  "pads",
                  new int[] {1, 1, 1, 1});
      Window window = new Window(3, 3, 1, 1, 1, 1, 1, 1, 1, 1);
      Tensor ours = evaluate(new IntegerConv2d(window, Layout.NCHW, 1, xZero), x, minus(w, wZero));
      assertEquals(ours, OnnxRuntime.run(model, Map.of("x", x)), "seed " + seed);
    }
  }

  /**
   * uint8 activations with int8 weights: exact with VNNI, saturating 16-bit sums without. Ours is
   * exact on every machine.
   */
  @Test
  void ourAccumulatorNeverSaturates() {
    IntegerTensor x = IntegerTensor.of(IntegerType.UINT8, Shape.of(1, 2), 255, 255);
    IntegerTensor w = IntegerTensor.of(IntegerType.INT8, Shape.of(2, 1), 127, 127);
    IntegerTensor transposed = w.reshape(Shape.of(1, 2));
    assertEquals(
        IntegerTensor.of(IntegerType.INT32, Shape.of(1, 1), 64770),
        evaluate(new IntegerDense(0), x, transposed));
    int theirs = OnnxRuntime.saturates() ? Short.MAX_VALUE : 64770;
    OnnxModel model =
        new OnnxModel()
            .input("x", x.type())
            .output("y", IntegerType.INT32)
            .constant("w", w)
            .node("", "MatMulInteger", List.of("x", "w"), "y");
    assertEquals(
        IntegerTensor.of(IntegerType.INT32, Shape.of(1, 1), theirs),
        OnnxRuntime.run(model, Map.of("x", x)));
  }

  /** QDQ around a float Conv: fused it is ours; run in float it may round ties otherwise. */
  @ParameterizedTest
  @CsvSource({"uint8, int8", "int8, int8"})
  void qdqConv(String input, String weight) {
    IntegerType type = IntegerType.parse(input);
    for (int seed = 0; seed < CASES; seed++) {
      RandomTensors random = new RandomTensors(seed);
      IntegerTensor x = random.integers(type, 1, 5, 9, 8);
      IntegerTensor w = random.weights(IntegerType.parse(weight), 6, 5, 3, 3);
      IntegerTensor bias = random.between(IntegerType.INT32, -5000, 5000, 6);
      int xZero = random.value(type);
      int yZero = random.value(type);
      float xScale = random.scale(0.02);
      float[] wScales = random.scales(0.01, 6);
      float yScale = random.scale(0.2);
      float[] biasScales = new float[6];
      for (int i = 0; i < biasScales.length; i++) {
        biasScales[i] = xScale * wScales[i];
      }
      OnnxModel model =
          new OnnxModel()
              .input("x", x.type())
              .output("y", type)
              .scales("xs", xScale)
              .zeroPoints("xz", type, xZero)
              .constant("w", w)
              .scales("ws", wScales)
              .zeroPoints("wz", IntegerType.INT8, repeat(0, 6))
              .constant("b", bias)
              .scales("bs", biasScales)
              .zeroPoints("bz", IntegerType.INT32, repeat(0, 6))
              .scales("ys", yScale)
              .zeroPoints("yz", type, yZero)
              .node("", "DequantizeLinear", List.of("x", "xs", "xz"), "fx")
              .node("", "DequantizeLinear", List.of("w", "ws", "wz"), "fw", "axis", 0)
              .node("", "DequantizeLinear", List.of("b", "bs", "bz"), "fb", "axis", 0)
              .node("", "Conv", List.of("fx", "fw", "fb"), "fy")
              .node("", "QuantizeLinear", List.of("fy", "ys", "yz"), "y");
      Tensor sum = evaluate(new IntegerConv2d(Window.of(3, 3), Layout.NCHW, 1, xZero), x, w, bias);
      Tensor ours =
          evaluate(scaleThenRound(layerScales(xScale, wScales, yScale), yZero, 1, type), sum);
      assertEquals(ours, OnnxRuntime.run(model, Map.of("x", x)), "seed " + seed);
      IntegerTensor unfused = (IntegerTensor) OnnxRuntime.runUnfused(model, Map.of("x", x));
      for (int i = 0; i < unfused.data().length; i++) {
        int difference = Math.abs(unfused.data()[i] - ((IntegerTensor) ours).data()[i]);
        assertTrue(difference <= 1, "seed " + seed + " element " + i);
      }
    }
  }
}
