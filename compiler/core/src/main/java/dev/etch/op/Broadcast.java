// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.diagnostic.OperatorException;
import dev.etch.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** Multidirectional broadcasting as NumPy and ONNX define it: where an element comes from. */
public final class Broadcast {
  private final int[] extents;
  private final int[] strides;
  private final int[] sourceStrides;

  /** Elements of {@code to} read from {@code from}, whose axes are right-aligned. */
  public Broadcast(Shape from, Shape to) {
    extents = to.toArray();
    strides = to.strides();
    sourceStrides = new int[extents.length];
    int missing = to.rank() - from.rank();
    for (int i = 0; i < from.rank(); i++) {
      sourceStrides[missing + i] = from.dimension(i) == 1 ? 0 : from.strides()[i];
    }
  }

  /** Row-major position in the source of the result's row-major element {@code index}. */
  public int source(int index) {
    int source = 0;
    for (int i = 0; i < extents.length; i++) {
      source += Gather.coordinate(index, strides[i], extents[i]) * sourceStrides[i];
    }
    return source;
  }

  /**
   * Whether {@code left} is one number, {@code right} several, along the innermost axis that is not
   * 1 in both. ONNX Runtime's kernels then take the right operand for the left one, and the left
   * one for a scalar.
   */
  public static boolean isScalarInside(Shape left, Shape right) {
    for (int i = -1; i >= -Math.max(left.rank(), right.rank()); i--) {
      int l = -i <= left.rank() ? left.dimension(i) : 1;
      int r = -i <= right.rank() ? right.dimension(i) : 1;
      if (l != 1 || r != 1) {
        return l == 1;
      }
    }
    return false;
  }

  /**
   * The common shape of two operands.
   *
   * @throws OperatorException if there is none
   */
  public static Shape shape(Shape left, Shape right) {
    int rank = Math.max(left.rank(), right.rank());
    List<Integer> extents = new ArrayList<>();
    for (int i = -rank; i < 0; i++) {
      int l = -i <= left.rank() ? left.dimension(i) : 1;
      int r = -i <= right.rank() ? right.dimension(i) : 1;
      if (l != r && l != 1 && r != 1) {
        throw new OperatorException(
            "shapes " + left + " and " + right + " do not broadcast",
            "extents must be equal, or one of them 1");
      }
      extents.add(l == 1 ? r : l);
    }
    return Operands.shape(extents);
  }
}
