// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import static dev.etch.reference.Layers.CASES;
import static dev.etch.reference.Layers.MICROSOFT;
import static dev.etch.reference.Layers.evaluate;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.op.Concat;
import dev.etch.op.Dequantize;
import dev.etch.op.LogSoftmax;
import dev.etch.op.Op;
import dev.etch.op.Quantization;
import dev.etch.op.Quantize;
import dev.etch.op.Requantize;
import dev.etch.op.Softmax;
import dev.etch.op.requantization.DequantizeThenQuantize;
import dev.etch.op.requantization.Requantization;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.FloatType;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The rows of docs/rationale/arithmetic.md about quantization against ONNX Runtime: every element
 * is equal.
 */
class QuantizeEqualityTest {
  @ParameterizedTest
  @CsvSource({"uint8, false", "int8, false", "uint8, true", "int8, true"})
  void quantizeAndDequantize(String name, boolean perChannel) {
    IntegerType type = IntegerType.parse(name);
    for (int seed = 0; seed < CASES; seed++) {
      RandomTensors random = new RandomTensors(seed);
      int channels = perChannel ? 5 : 1;
      FloatTensor x = random.floats(5, 2, 5, 7, 11);
      IntegerTensor q = random.integers(type, 2, 5, 7, 11);
      List<Float> scales = new ArrayList<>();
      List<Integer> zeroPoints = new ArrayList<>();
      for (int i = 0; i < channels; i++) {
        scales.add(random.scale(0.05));
        zeroPoints.add(random.value(type));
      }
      Quantization quantization = new Quantization(type, scales, zeroPoints, 1);
      assertEquals(
          evaluate(new Quantize(quantization), x),
          OnnxRuntime.run(model("QuantizeLinear", x, quantization, type), Map.of("x", x)),
          "seed " + seed);
      assertEquals(
          evaluate(new Dequantize(quantization), q),
          OnnxRuntime.run(
              model("DequantizeLinear", q, quantization, FloatType.FLOAT32), Map.of("x", q)),
          "seed " + seed);
    }
  }

  private static OnnxModel model(
      String operator, Tensor x, Quantization quantization, dev.etch.tensor.ElementType result) {
    float[] scales = new float[quantization.scales().size()];
    int[] zeroPoints = new int[scales.length];
    Arrays.setAll(zeroPoints, quantization::zeroPoint);
    for (int i = 0; i < scales.length; i++) {
      scales[i] = quantization.scale(i);
    }
    return new OnnxModel()
        .input("x", x.type())
        .output("y", result)
        .scales("s", scales)
        .zeroPoints("z", quantization.type(), zeroPoints)
        .node("", operator, List.of("x", "s", "z"), "y", "axis", 1);
  }

  @Test
  void quantizeOfTiesAndSpecialValues() {
    FloatTensor x =
        FloatTensor.of(
            Shape.of(9),
            0.5f,
            1.5f,
            2.5f,
            -0.5f,
            -1.5f,
            1e30f,
            Float.NEGATIVE_INFINITY,
            Float.POSITIVE_INFINITY,
            Float.NaN);
    Quantization quantization = Quantization.perTensor(IntegerType.INT8, 1f, 1);
    Tensor ours = evaluate(new Quantize(quantization), x);
    assertEquals(
        IntegerTensor.of(IntegerType.INT8, Shape.of(9), 1, 3, 3, 1, -1, 127, -128, 127, -128),
        ours);
    assertEquals(
        ours,
        OnnxRuntime.run(
            model("QuantizeLinear", x, quantization, IntegerType.INT8), Map.of("x", x)));
  }

  @ParameterizedTest
  @CsvSource({"uint8, false", "int8, false", "uint8, true", "int8, true"})
  void concat(String name, boolean qdq) {
    IntegerType type = IntegerType.parse(name);
    for (int seed = 0; seed < CASES; seed++) {
      RandomTensors random = new RandomTensors(seed);
      IntegerTensor a = random.integers(type, 1, 4, 16, 16);
      IntegerTensor b = random.integers(type, 1, 3, 16, 16);
      Quantization qa = Quantization.perTensor(type, random.scale(0.05), random.value(type));
      Quantization qb = Quantization.perTensor(type, random.scale(0.05), random.value(type));
      Quantization qy = Quantization.perTensor(type, random.scale(0.05), random.value(type));
      OnnxModel model = new OnnxModel().input("a", a.type()).input("b", b.type());
      model.output("y", type);
      constants(model, "a", qa);
      constants(model, "b", qb);
      constants(model, "y", qy);
      if (qdq) {
        model
            .node("", "DequantizeLinear", List.of("a", "as", "az"), "fa")
            .node("", "DequantizeLinear", List.of("b", "bs", "bz"), "fb")
            .node("", "Concat", List.of("fa", "fb"), "fy", "axis", 1)
            .node("", "QuantizeLinear", List.of("fy", "ys", "yz"), "y");
      } else {
        List<String> inputs = List.of("ys", "yz", "a", "as", "az", "b", "bs", "bz");
        model.node(MICROSOFT, "QLinearConcat", inputs, "y", "axis", 1);
      }
      Tensor ours =
          evaluate(new Concat(1), evaluate(rescale(qa, qy), a), evaluate(rescale(qb, qy), b));
      assertEquals(ours, OnnxRuntime.run(model, Map.of("a", a, "b", b)), "seed " + seed);
    }
  }

  private static void constants(OnnxModel model, String name, Quantization quantization) {
    model.scales(name + "s", quantization.scale(0));
    model.zeroPoints(name + "z", quantization.type(), quantization.zeroPoint(0));
  }

  private static Requantize rescale(Quantization from, Quantization to) {
    Requantization staircase =
        new DequantizeThenQuantize(
            from.scale(0),
            from.zeroPoint(0),
            to.scale(0),
            to.zeroPoint(0),
            (int) to.type().minimum(),
            (int) to.type().maximum());
    return new Requantize(List.of(staircase), 1, to.type());
  }

  /** Equal bit by bit up to 16 elements; beyond, the order of the sum depends on the processor. */
  @ParameterizedTest
  @CsvSource({"1, 0", "2, 0", "10, 0", "16, 0", "17, 2e-7", "100, 2e-7", "1000, 2e-7"})
  void softmax(int extent, float tolerance) {
    compareSoftmax("Softmax", new Softmax(1), extent, tolerance);
  }

  /** Likewise; results have magnitudes of about 30. */
  @ParameterizedTest
  @CsvSource({"1, 0", "2, 0", "10, 0", "16, 0", "17, 4e-6", "100, 4e-6", "1000, 8e-6"})
  void logarithmOfSoftmax(int extent, float tolerance) {
    compareSoftmax("LogSoftmax", new LogSoftmax(1), extent, tolerance);
  }

  /**
   * On AVX2, which Etch does not follow, exponentials below the least normal number are zero, and
   * long sums differ by more.
   */
  private static void compareSoftmax(String name, Op op, int extent, float tolerance) {
    float allowed =
        OnnxRuntime.hasWideSoftmax() ? tolerance : Math.max(Float.MIN_NORMAL, 2 * tolerance);
    for (int seed = 0; seed < CASES; seed++) {
      FloatTensor x = new RandomTensors(seed).floats(1 + 4 * seed, 30, extent);
      OnnxModel model =
          new OnnxModel()
              .input("x", x.type())
              .output("y", FloatType.FLOAT32)
              .node("", name, List.of("x"), "y", "axis", 1);
      float[] ours = ((FloatTensor) evaluate(op, x)).data();
      float[] theirs = ((FloatTensor) OnnxRuntime.run(model, Map.of("x", x))).data();
      for (int i = 0; i < ours.length; i++) {
        assertTrue(
            Math.abs(theirs[i] - ours[i]) <= allowed,
            "seed " + seed + " element " + i + ": " + ours[i] + " and " + theirs[i]);
      }
    }
  }
}
