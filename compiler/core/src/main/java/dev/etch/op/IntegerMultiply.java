// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;

/**
 * Exact {@code (x - leftZeroPoint) * (y - rightZeroPoint)} as int32, broadcast as NumPy does. The
 * product of TFLite's MUL; a Requantize follows.
 */
public record IntegerMultiply(int leftZeroPoint, int rightZeroPoint) implements IntegerOp {
  @Override
  public List<TensorType> infer(List<TensorType> operands) {
    Operands o = Operands.of(this, operands, 2, 2);
    o.integers(0, 16);
    o.integers(1, 16);
    return List.of(Operands.int32Type(Broadcast.shape(o.any(0).shape(), o.any(1).shape())));
  }

  @Override
  public List<Tensor> evaluate(List<Tensor> operands) {
    TensorType type = infer(Operands.typesOf(operands)).get(0);
    Shape shape = type.shape();
    Broadcast left = new Broadcast(operands.get(0).shape(), shape);
    Broadcast right = new Broadcast(operands.get(1).shape(), shape);
    int[] x = Operands.intData(operands, 0);
    int[] y = Operands.intData(operands, 1);
    int[] product = new int[shape.elements()];
    for (int i = 0; i < product.length; i++) {
      long a = x[left.source(i)] - (long) leftZeroPoint;
      product[i] = Accumulator.int32(a * (y[right.source(i)] - (long) rightZeroPoint));
    }
    return List.of(new IntegerTensor(type, product));
  }
}
