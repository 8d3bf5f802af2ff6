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
 * Logarithm of softmax over the last axis in fixed-point arithmetic: int8 in, and int8 out in steps
 * of 1/16 with 127 for the logarithm 0. TFLite LOG_SOFTMAX, its reference kernel.
 *
 * @param multiplier turns a difference of operands into Q5; at least 1
 * @param reverse turns Q5 into a difference of operands; at most 1
 * @param leastDifference differences to the line's largest operand below this count as zero
 *     probability; at most 0
 */
public record QuantizedLogSoftmax(
    QuantizedMultiplier multiplier, QuantizedMultiplier reverse, int leastDifference)
    implements IntegerSoftmaxOp {
  private static final int DIFFERENCE_BITS = 5;
  private static final int SUM_BITS = 12;
  private static final int OUTPUT_BITS = 4;
  private static final int LONGEST = (1 << SUM_BITS) - 1;
  private static final int LARGEST = 127;
  private static final int SMALLEST = -128;

  @Override
  public List<TensorType> infer(List<TensorType> operands) {
    Operands o = Operands.of(this, operands, 1, 1);
    TensorType x = o.integers(0, 8);
    o.axis(0, x.shape().rank() - 1);
    if (x.shape().dimension(-1) > LONGEST) {
      throw o.misfit(0, "has more than " + LONGEST + " elements a line", "use fewer classes");
    }
    if (multiplier.shift() < 0 || reverse.shift() > 0 || leastDifference > 0) {
      throw new OperatorException(
          "softmax with multipliers " + multiplier + " and " + reverse,
          "the first is at least 1, the second at most 1, the least difference at most 0");
    }
    return List.of(new TensorType(IntegerType.INT8, x.shape()));
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
    int largest = IntStream.range(first, first + length).map(i -> x[i]).max().orElseThrow();
    int sum = 0;
    for (int i = first; i < first + length; i++) {
      sum += exponential(x[i] - largest);
    }
    int logarithm = FixedPointFunctions.log(sum, SUM_BITS, DIFFERENCE_BITS);
    int least = Math.max(leastDifference - 1, reverse.times(logarithm + Integer.MIN_VALUE));
    for (int i = first; i < first + length; i++) {
      int difference = x[i] - largest;
      int result =
          FixedPointArithmetic.divideByPowerOfTwo(
              multiplier.times(difference) - logarithm, 31 - DIFFERENCE_BITS - OUTPUT_BITS);
      y[i] =
          difference > least ? Math.max(SMALLEST, Math.min(LARGEST, result + LARGEST)) : SMALLEST;
    }
  }

  /** exp of every distance of operands to their line's largest, 0 to 255, in Q12. */
  public List<Integer> exponentials() {
    return IntStream.rangeClosed(0, 255).map(i -> exponential(-i)).boxed().toList();
  }

  /** Every such distance in Q5. */
  public List<Integer> distances() {
    return IntStream.rangeClosed(0, 255).map(i -> multiplier.times(-i)).boxed().toList();
  }

  private int exponential(int difference) {
    return difference < leastDifference
        ? 0
        : FixedPointArithmetic.divideByPowerOfTwo(
            FixedPointFunctions.exp(multiplier.times(difference), DIFFERENCE_BITS), SUM_BITS);
  }
}
