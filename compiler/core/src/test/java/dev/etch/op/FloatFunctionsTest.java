// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import static dev.etch.op.Evaluation.evaluate;
import static dev.etch.op.Evaluation.floats;
import static dev.etch.op.Evaluation.refuses;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.etch.op.requantization.FloatFunction;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** Functions of one float: values by hand, and how close they are to the real functions. */
class FloatFunctionsTest {
  private static final IntegerType INT4 = new IntegerType(4, true);
  private static final Map<FloatFunction, DoubleUnaryOperator> SMOOTH =
      Map.of(
          new Sigmoid(), x -> 1 / (1 + Math.exp(-x)),
          new Tanh(), Math::tanh,
          new Elu(1.5f), x -> x >= 0 ? x : 1.5 * Math.expm1(x),
          new Softplus(), FloatFunctionsTest::softplus,
          new Mish(), x -> x * Math.tanh(softplus(x)),
          new Gelu(true),
              x -> x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))));

  private static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  @Test
  void smoothFunctionsAreCloseToTheRealOnes() {
    SMOOTH.forEach(
        (ours, real) -> {
          for (float x = -30; x <= 30; x += 0.01f) {
            double expected = real.applyAsDouble(x);
            float actual = ours.apply(x);
            assertEquals(expected, actual, 1e-6 + 1e-6 * Math.abs(expected), ours + " of " + x);
          }
        });
  }

  @Test
  void piecewiseFunctions() {
    assertEquals(floats(-1, 0, 4), evaluate(new LeakyRelu(0.5f), floats(-2, 0, 4)));
    assertEquals(
        floats(0, 0.25f, 0.5f, 1), evaluate(new HardSigmoid(0.25f, 0.5f), floats(-3, -1, 0, 9)));
    // 1.5 * (1.5 / 6 + 1 / 2), exact in float32.
    assertEquals(floats(-0f, 0, 1.125f, 9), evaluate(new HardSwish(), floats(-5, 0, 1.5f, 9)));
    assertEquals(floats(-1, 2), evaluate(new Elu(1), floats(-200, 2)));
    refuses(new Tanh(), "must be float32", IntegerTensor.of(IntegerType.INT8, Shape.of(1), 1));
  }

  @Test
  void ends() {
    assertEquals(floats(0, 0.5f, 1), evaluate(new Sigmoid(), floats(-100, 0, 100)));
    assertEquals(floats(-1, 0, 1), evaluate(new Tanh(), floats(-100, 0, 100)));
    assertEquals(floats(0, 100), evaluate(new Softplus(), floats(-200, 100)));
    assertEquals(floats(-0f, 100), evaluate(new Gelu(false), floats(-100, 100)));
    // The normal distribution: 0.841344746 of it lies below 1.
    assertEquals(0.841344746, new Gelu(false).apply(1), 1e-7);
    assertEquals(-0.158655254, new Gelu(false).apply(-1), 1e-7);
  }

  @Test
  void slopesAlongAnAxis() {
    FloatTensor x = FloatTensor.of(Shape.of(1, 2, 2), -1, 2, -3, 4);
    assertEquals(
        FloatTensor.of(Shape.of(1, 2, 2), -0.5f, 2, 6, 4),
        evaluate(new PRelu(List.of(0.5f, -2f), 1), x));
    assertEquals(
        FloatTensor.of(Shape.of(1, 2, 2), -0.5f, 2, -1.5f, 4),
        evaluate(new PRelu(List.of(0.5f), 0), x));
    refuses(new PRelu(List.of(1f, 2f, 3f), 1), "does not have 3 channels", x);
  }

  @Test
  void multiplyBroadcasts() {
    assertEquals(
        FloatTensor.of(Shape.of(2, 3), 10, 20, 30, 20, 40, 60),
        evaluate(new Multiply(), FloatTensor.of(Shape.of(2, 1), 1, 2), floats(10, 20, 30)));
  }

  @Test
  void meanOfMaps() {
    FloatTensor x = FloatTensor.of(Shape.of(1, 2, 1, 2), 1, 2, 3, 6);
    assertEquals(
        FloatTensor.of(Shape.of(1, 2, 1, 1), 1.5f, 4.5f),
        evaluate(new ReduceMean2d(Layout.NCHW), x));
    assertEquals(
        FloatTensor.of(Shape.of(1, 1, 1, 2), 2, 4),
        evaluate(new ReduceMean2d(Layout.NHWC), x.reshape(Shape.of(1, 2, 1, 2))));
  }

  @Test
  void tablesOfQuantizedFunctions() {
    Quantization x = Quantization.perTensor(INT4, 0.5f, 1);
    Quantization y = Quantization.perTensor(INT4, 0.25f, -1);
    // -4.5 to 3, halved below 0, in steps of 0.25 from -1: -2.25 is -9 steps, saturated at -8.
    Lookup table = Lookup.ofFloats(x, y, new LeakyRelu(0.5f));
    assertEquals(
        IntegerTensor.of(
            INT4, Shape.of(1, 16), -8, -8, -8, -7, -6, -5, -4, -3, -2, -1, 1, 3, 5, 7, 7, 7),
        table.tables());
  }
}
