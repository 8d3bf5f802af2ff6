// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.op.requantization.QuantizedMultiplier;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;
import java.util.Objects;

/**
 * Softmax over the last axis of 16-bit integers, by two interpolated tables; out come probabilities
 * with 15 fraction bits, 0 to 2^15 - 1. TFLite {@code SoftmaxInt16}, its reference kernel.
 *
 * @param multiplier turns a difference of operands into steps of 10 / 65535
 */
public record InterpolatedSoftmax(QuantizedMultiplier multiplier) implements IntegerSoftmaxOp {
  private static final IntegerType INT16 = new IntegerType(16, true);

  /** Elements whose exponentials, 15 fraction bits each, fit the 31-bit sum. */
  private static final int LONGEST = 1 << 16;

  /** Of a normalized sum, from 2^30 to 2^31 - 1, as many bits as a table's place has. */
  private static final int PLACE_SHIFT = 14;

  public InterpolatedSoftmax {
    Objects.requireNonNull(multiplier);
  }

  @Override
  public List<TensorType> infer(List<TensorType> operands) {
    Operands o = Operands.of(this, operands, 1, 1);
    TensorType x = o.integers(0, 16);
    o.axis(0, x.shape().rank() - 1);
    if (x.shape().dimension(-1) > LONGEST) {
      throw o.misfit(0, "has more than " + LONGEST + " elements a line", "use fewer classes");
    }
    return List.of(new TensorType(INT16, x.shape()));
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
      sum += y[i];
    }
    int headroom = Integer.numberOfLeadingZeros(sum);
    long normalized = (long) sum << (headroom - 1);
    long place = ((normalized + (1 << (PLACE_SHIFT - 1))) >> PLACE_SHIFT) - (3 << 15);
    int reciprocal = InterpolatedTable.RECIPROCAL_OF_ONE_PLUS.at((int) INT16.saturate(place));
    int shift = 31 - headroom;
    for (int i = first; i < first + length; i++) {
      long product = (long) y[i] * reciprocal + (1L << (shift - 1));
      y[i] = (int) Math.max(0, INT16.saturate(product >> shift));
    }
  }

  private int exponential(int difference) {
    long place = (long) multiplier.times(difference) + INT16.maximum();
    return InterpolatedTable.EXPONENTIAL.at((int) INT16.saturate(place));
  }

  /** Entries of the table of exponentials from -10 to 0, for hosts. */
  public static List<Integer> exponentials() {
    return InterpolatedTable.EXPONENTIAL.entries();
  }

  /** Entries of the table of 1 / (1 + x) from 0 to 1, for hosts. */
  public static List<Integer> reciprocals() {
    return InterpolatedTable.RECIPROCAL_OF_ONE_PLUS.entries();
  }
}
