// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.diagnostic.OperatorException;
import dev.etch.op.requantization.FixedPointArithmetic;
import dev.etch.op.requantization.QuantizedMultiplier;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Softmax over the last axis in fixed-point arithmetic: 8-bit integers in, and out the probability
 * times 2^bits plus the output type's minimum. TFLite SOFTMAX, its reference kernel.
 *
 * @param multiplier turns a difference of operands into Q5 (5 integer bits, 26 fraction bits); at
 *     least 1
 * @param leastDifference differences to the line's largest operand below this count as zero
 *     probability; at most 0
 * @param output int8, uint8 or int16
 */
public record QuantizedSoftmax(
    QuantizedMultiplier multiplier, int leastDifference, IntegerType output)
    implements IntegerSoftmaxOp {
  private static final int DIFFERENCE_BITS = 5;
  private static final int SUM_BITS = 12;

  /** Elements whose exponentials, each at most one, fit the sum. */
  private static final int LONGEST = (1 << SUM_BITS) - 1;

  @Override
  public List<TensorType> infer(List<TensorType> operands) {
    Operands o = Operands.of(this, operands, 1, 1);
    TensorType x = o.integers(0, 8);
    o.axis(0, x.shape().rank() - 1);
    if (x.shape().dimension(-1) > LONGEST) {
      throw o.misfit(0, "has more than " + LONGEST + " elements a line", "use fewer classes");
    }
    if (multiplier.shift() < 0 || leastDifference > 0 || output.bits() > 16) {
      throw new OperatorException(
          "softmax with multiplier " + multiplier + ", least difference " + leastDifference,
          "the multiplier is at least 1, the difference at most 0, the output at most 16 bits");
    }
    return List.of(new TensorType(output, x.shape()));
  }

  @Override
  public List<Tensor> evaluate(List<Tensor> operands) {
    TensorType type = infer(Operands.typesOf(operands)).get(0);
    int[] x = Operands.intData(operands, 0);
    int length = type.shape().dimension(-1);
    int[] y = new int[x.length];
    for (int first = 0; first < x.length; first += length) {
      line(x, y, first, length);
    }
    return List.of(new IntegerTensor(type, y));
  }

  private void line(int[] x, int[] y, int first, int length) {
    int largest = Integer.MIN_VALUE;
    for (int i = first; i < first + length; i++) {
      largest = Math.max(largest, x[i]);
    }
    int sum = 0;
    for (int i = first; i < first + length; i++) {
      y[i] = exponential(x[i] - largest);
      sum += FixedPointArithmetic.divideByPowerOfTwo(y[i], SUM_BITS);
    }
    // sum is Q12 and at least one: normalized to [1, 2) it has this many bits above the point.
    int headroom = Integer.numberOfLeadingZeros(sum);
    int reciprocal = FixedPointFunctions.reciprocalOfOnePlus((sum << headroom) - (1 << 31));
    int exponent = SUM_BITS - headroom + 31 - output.bits();
    for (int i = first; i < first + length; i++) {
      int product = FixedPointArithmetic.doublingHighMultiply(reciprocal, y[i]);
      // Beyond 512 equally likely classes TFLite's kernel aborts; there the quotient is 0.
      int probability =
          exponent > 31 ? 0 : FixedPointArithmetic.divideByPowerOfTwo(product, exponent);
      y[i] = (int) output.saturate(probability + output.minimum());
    }
  }

  /**
   * exp of every distance of 8-bit operands to their line's largest, 0 to 255, with 31 fraction
   * bits: all that hosts need besides the sum and its reciprocal.
   */
  public List<Integer> exponentials() {
    return IntStream.rangeClosed(0, 255).map(i -> exponential(-i)).boxed().toList();
  }

  /** exp of a difference in Q0; 0 where it is too small to count. */
  private int exponential(int difference) {
    return difference < leastDifference
        ? 0
        : FixedPointFunctions.exp(multiplier.times(difference), DIFFERENCE_BITS);
  }
}
