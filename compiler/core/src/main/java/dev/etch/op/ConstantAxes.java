// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.Shape;
import java.util.List;

/**
 * The axes of an operand along which a constant that is broadcast to it differs. Together they are
 * one axis of the operand as {@link #merged}, so that a table for each place along it is enough.
 *
 * @param operand shape that the constant is broadcast to
 * @param first of the axes
 * @param end behind the last of them; {@code first} if the constant is one number
 */
public record ConstantAxes(Shape operand, int first, int end) {

  /** The axes from the first to the last one along which {@code constant} is not shared. */
  public static ConstantAxes of(Shape constant, Shape operand) {
    int missing = operand.rank() - constant.rank();
    int first = operand.rank();
    int end = 0;
    for (int i = 0; i < constant.rank(); i++) {
      if (constant.dimension(i) != 1) {
        first = Math.min(first, missing + i);
        end = missing + i + 1;
      }
    }
    return end == 0 ? new ConstantAxes(operand, 0, 0) : new ConstantAxes(operand, first, end);
  }

  /** How many values the constant has for the tensor, one behind the other along these axes. */
  public int places() {
    return product(first, end);
  }

  /** Whether the operand has these axes as one already. */
  public boolean isOneAxis() {
    return end - first <= 1;
  }

  /** The operand as [axes before, these axes, axes behind]. */
  public List<Integer> merged() {
    return List.of(product(0, first), places(), product(end, operand.rank()));
  }

  /** The constant's value at each place. */
  public int[] values(IntegerTensor constant) {
    Broadcast broadcast = new Broadcast(constant.shape(), operand);
    int stride = product(end, operand.rank());
    int[] values = new int[places()];
    for (int place = 0; place < values.length; place++) {
      values[place] = constant.data()[broadcast.source(place * stride)];
    }
    return values;
  }

  private int product(int from, int to) {
    return operand.dimensions().subList(from, to).stream().reduce(1, Math::multiplyExact);
  }
}
