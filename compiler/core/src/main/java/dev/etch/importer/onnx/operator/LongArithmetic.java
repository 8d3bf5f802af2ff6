// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.importer.Refusal;
import dev.etch.importer.onnx.data.Operand;
import java.util.function.LongBinaryOperator;

/** Elementwise arithmetic on constant int64 tensors, as exporters use it on shapes. */
final class LongArithmetic {
  private LongArithmetic() {}

  /** Folds the node if both operands are constant int64; says whether it did. */
  static boolean fold(NodeContext node, LongBinaryOperator operator) {
    if (!(node.operand(0) instanceof Operand.Longs left)
        || !(node.operand(1) instanceof Operand.Longs right)) {
      return false;
    }
    boolean leftScalar = left.data().length == 1 && left.shape().rank() <= right.shape().rank();
    boolean rightScalar = right.data().length == 1 && right.shape().rank() <= left.shape().rank();
    if (!leftScalar && !rightScalar && !left.shape().equals(right.shape())) {
      throw new Refusal("cannot fold shapes " + left.shape() + " and " + right.shape(), "");
    }
    Operand.Longs wide = rightScalar ? left : right;
    long[] data = new long[wide.data().length];
    for (int i = 0; i < data.length; i++) {
      data[i] = apply(operator, at(left, i), at(right, i));
    }
    node.result(new Operand.Longs(wide.shape(), data));
    return true;
  }

  private static long at(Operand.Longs longs, int i) {
    return longs.data()[longs.data().length == 1 ? 0 : i];
  }

  private static long apply(LongBinaryOperator operator, long left, long right) {
    try {
      return operator.applyAsLong(left, right);
    } catch (ArithmeticException e) {
      throw new Refusal("int64 arithmetic on constants fails: " + e.getMessage(), "");
    }
  }
}
