// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import static dev.etch.reference.Layers.MICROSOFT;
import static dev.etch.reference.Layers.evaluate;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.op.Dequantize;
import dev.etch.op.Quantization;
import dev.etch.op.QuantizedAdd;
import dev.etch.op.requantization.FloatSum;
import dev.etch.op.requantization.SumRequantization;
import dev.etch.tensor.FloatType;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The rows of docs/rationale/arithmetic.md about sums against ONNX Runtime: every element is equal.
 */
class SumEqualityTest {
  @ParameterizedTest
  @CsvSource({"uint8", "int8"})
  void qlinearAddOfAllPairs(String name) {
    IntegerType type = IntegerType.parse(name);
    IntegerTensor a = allPairs(type, 256);
    IntegerTensor b = allPairs(type, 1);
    for (int seed = 0; seed < 40; seed++) {
      RandomTensors random = new RandomTensors(seed);
      FloatSum sum = sum(random, type);
      OnnxModel model =
          sumConstants(type, sum)
              .input("a", a.type())
              .input("b", b.type())
              .output("y", type)
              .node(
                  MICROSOFT,
                  "QLinearAdd",
                  List.of("a", "as", "az", "b", "bs", "bz", "ys", "yz"),
                  "y");
      Tensor ours = evaluate(new QuantizedAdd(sum, type), a, b);
      assertEquals(ours, OnnxRuntime.run(model, Map.of("a", a, "b", b)), "seed " + seed);
    }
  }

  @ParameterizedTest
  @CsvSource({"uint8", "int8"})
  void qdqAddOfIntegerInputs(String name) {
    IntegerType type = IntegerType.parse(name);
    IntegerTensor a = allPairs(type, 256);
    IntegerTensor b = allPairs(type, 1);
    for (int seed = 0; seed < 40; seed++) {
      RandomTensors random = new RandomTensors(seed);
      FloatSum sum = sum(random, type);
      OnnxModel model =
          sumConstants(type, sum)
              .input("a", a.type())
              .input("b", b.type())
              .output("y", type)
              .node("", "DequantizeLinear", List.of("a", "as", "az"), "fa")
              .node("", "DequantizeLinear", List.of("b", "bs", "bz"), "fb")
              .node("", "Add", List.of("fa", "fb"), "fy")
              .node("", "QuantizeLinear", List.of("fy", "ys", "yz"), "y");
      assertEquals(
          evaluate(new QuantizedAdd(sum, type), a, b),
          OnnxRuntime.run(model, Map.of("a", a, "b", b)),
          "seed " + seed);
    }
  }

  @ParameterizedTest
  @CsvSource({"uint8", "int8"})
  void qdqAddInsideAFloatModel(String name) {
    IntegerType type = IntegerType.parse(name);
    for (int seed = 0; seed < 40; seed++) {
      FloatCase c = new FloatCase(seed, type);
      assertEquals(c.result(c.sum, 0), OnnxRuntime.run(c.model(), c.inputs()), "seed " + seed);
    }
  }

  /** The answer that is not ours: int8 operands moved to uint8, which x86 does by default. */
  @Test
  void int8SumsMovedToUint8AreAnotherFunction() {
    int different = 0;
    for (int seed = 0; seed < 40; seed++) {
      FloatCase c = new FloatCase(seed, IntegerType.INT8);
      Tensor ours = c.result(c.sum, 0);
      Tensor moved = c.result(asUint8(c.sum), 128);
      Tensor theirs = OnnxRuntime.runWithDefaults(c.model(), c.inputs());
      assertTrue(theirs.equals(moved) || theirs.equals(ours), "a third answer for seed " + seed);
      different += moved.equals(ours) ? 0 : 1;
    }
    assertEquals(8, different);
  }

  /** A sum between QuantizeLinear and DequantizeLinear, over all pairs of operands. */
  private static final class FloatCase {
    final IntegerType type;
    final FloatSum sum;
    final IntegerTensor a;
    final IntegerTensor b;

    FloatCase(int seed, IntegerType type) {
      this.type = type;
      sum = sum(new RandomTensors(seed), type);
      a = allPairs(type, 256);
      b = allPairs(type, 1);
    }

    Map<String, Tensor> inputs() {
      return Map.of(
          "a", evaluate(dequantize(type, sum.leftScale(), sum.leftZeroPoint()), a),
          "b", evaluate(dequantize(type, sum.rightScale(), sum.rightZeroPoint()), b));
    }

    OnnxModel model() {
      return floatModel(type, sum, inputs().get("a"), inputs().get("b"));
    }

    /** The dequantized result of {@code sum} on operands that are {@code shift} higher. */
    Tensor result(SumRequantization sum, int shift) {
      int[] y = new int[a.data().length];
      Arrays.setAll(y, i -> sum.apply(a.data()[i] + shift, b.data()[i] + shift) - shift);
      return evaluate(
          dequantize(type, this.sum.outputScale(), this.sum.outputZeroPoint()),
          new IntegerTensor(a.type(), y));
    }
  }

  private static Dequantize dequantize(IntegerType type, float scale, int zeroPoint) {
    return new Dequantize(Quantization.perTensor(type, scale, zeroPoint));
  }

  private static OnnxModel floatModel(IntegerType type, FloatSum sum, Tensor a, Tensor b) {
    return sumConstants(type, sum)
        .input("a", a.type())
        .input("b", b.type())
        .output("y", FloatType.FLOAT32)
        .node("", "QuantizeLinear", List.of("a", "as", "az"), "qa")
        .node("", "QuantizeLinear", List.of("b", "bs", "bz"), "qb")
        .node("", "DequantizeLinear", List.of("qa", "as", "az"), "fa")
        .node("", "DequantizeLinear", List.of("qb", "bs", "bz"), "fb")
        .node("", "Add", List.of("fa", "fb"), "fy")
        .node("", "QuantizeLinear", List.of("fy", "ys", "yz"), "qy")
        .node("", "DequantizeLinear", List.of("qy", "ys", "yz"), "y");
  }

  private static SumRequantization asUint8(FloatSum s) {
    return new FloatSum(
        s.leftScale(),
        s.leftZeroPoint() + 128,
        s.rightScale(),
        s.rightZeroPoint() + 128,
        s.outputScale(),
        s.outputZeroPoint() + 128,
        s.low() + 128,
        s.high() + 128);
  }

  private static IntegerTensor allPairs(IntegerType type, int stride) {
    int[] data = new int[1 << 16];
    Arrays.setAll(data, i -> i / stride % 256 + (int) type.minimum());
    return IntegerTensor.of(type, Shape.of(1, 1, 256, 256), data);
  }

  private static FloatSum sum(RandomTensors random, IntegerType type) {
    return new FloatSum(
        random.scale(0.05),
        random.value(type),
        random.scale(0.05),
        random.value(type),
        random.scale(0.05),
        random.value(type),
        (int) type.minimum(),
        (int) type.maximum());
  }

  private static OnnxModel sumConstants(IntegerType type, FloatSum sum) {
    return new OnnxModel()
        .scales("as", sum.leftScale())
        .zeroPoints("az", type, sum.leftZeroPoint())
        .scales("bs", sum.rightScale())
        .zeroPoints("bz", type, sum.rightZeroPoint())
        .scales("ys", sum.outputScale())
        .zeroPoints("yz", type, sum.outputZeroPoint());
  }
}
