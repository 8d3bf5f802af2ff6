// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.graph.Value;
import dev.etch.importer.onnx.data.Refusal;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.Shape;

/** Brings an operand to the shape of the result, as NumPy broadcasts: constants only. */
final class Broadcasting {
  private Broadcasting() {}

  /** An operand in the shape of the first result. */
  static Value operand(OperatorContext node, int index) {
    Shape from = node.operand(index).shape();
    Shape to = node.result(0).shape();
    if (from.equals(to)) {
      return node.value(index);
    }
    if (!node.isConstant(index)) {
      throw new Refusal(
          "an operand of shape %s is broadcast to %s".formatted(from, to),
          "give both operands the same shape; only constants are broadcast");
    }
    return node.emitConstant(index, expanded(node.constant(index), to));
  }

  private static IntegerTensor expanded(IntegerTensor constant, Shape to) {
    Shape from = constant.shape();
    int missing = to.rank() - from.rank();
    int[] sourceStrides = new int[to.rank()];
    for (int axis = 0; axis < from.rank(); axis++) {
      int extent = from.dimension(axis);
      if (missing < 0 || (extent != 1 && extent != to.dimension(missing + axis))) {
        throw new Refusal("shape %s cannot be broadcast to %s".formatted(from, to), "");
      }
      sourceStrides[missing + axis] = extent == 1 ? 0 : from.strides()[axis];
    }
    int[] strides = to.strides();
    int[] data = new int[to.elements()];
    for (int i = 0; i < data.length; i++) {
      int source = 0;
      for (int axis = 0; axis < strides.length; axis++) {
        source += i / strides[axis] % to.dimension(axis) * sourceStrides[axis];
      }
      data[i] = constant.data()[source];
    }
    return IntegerTensor.of(constant.type().element(), to, data);
  }
}
