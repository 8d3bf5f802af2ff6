// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.etch.op.Op;
import dev.etch.op.QuantizedSoftmax;
import dev.etch.op.TableSoftmax;
import dev.etch.op.requantization.QuantizedMultiplier;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The forms equal the operators, which equal the frameworks. */
class SoftmaxFormTest {
  private static final int LINES = 400;

  private final Random random = new Random(3);

  @Test
  void quotients() {
    for (IntegerType type : List.of(IntegerType.INT8, IntegerType.UINT8)) {
      for (float step : new float[] {1f / 256, 1f / 255, 0.01f, 1e-5f}) {
        int elements = 1 + random.nextInt(40);
        int zeroPoint = (int) type.minimum() + random.nextInt(100);
        TableSoftmax op = new TableSoftmax(1, random.nextFloat() + 1e-3f, step, zeroPoint, type);
        List<Float> exponentials = op.exponentials(elements);
        SoftmaxForm form =
            new SoftmaxForm.Quotient(
                exponentials.stream().map(Float::floatToIntBits).toList(),
                exponentials.stream().map(e -> Float.floatToIntBits(e * op.steps())).toList(),
                zeroPoint,
                (int) type.maximum());
        compare(op, form, elements);
      }
    }
  }

  @Test
  void fixedPoint() {
    for (IntegerType type : List.of(IntegerType.INT8, IntegerType.UINT8)) {
      for (int shift = 18; shift < 25; shift++) {
        QuantizedMultiplier multiplier =
            new QuantizedMultiplier(random.nextInt(1 << 30) | 1 << 30, shift);
        QuantizedSoftmax op = new QuantizedSoftmax(multiplier, -(int) (31L << 26 >> shift), type);
        SoftmaxForm form = new SoftmaxForm.FixedPoint(op.exponentials(), 8, (int) type.minimum());
        compare(op, form, 1 + random.nextInt(600));
      }
    }
  }

  private void compare(Op op, SoftmaxForm form, int elements) {
    for (int i = 0; i < LINES; i++) {
      int spread = 1 << random.nextInt(9);
      int[] line = random.ints(elements, 0, spread).map(x -> x - spread / 2).toArray();
      IntegerTensor operand = IntegerTensor.of(IntegerType.INT8, Shape.of(1, elements), line);
      IntegerTensor expected = (IntegerTensor) op.evaluate(List.of(operand)).get(0);
      assertArrayEquals(expected.data(), form.apply(line));
    }
  }
}
