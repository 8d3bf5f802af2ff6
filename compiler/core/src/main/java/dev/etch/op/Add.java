// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;

/** Float sum of two tensors, with multidirectional broadcasting (ONNX Add). */
public record Add() implements FloatOp {
  @Override
  public List<TensorType> infer(List<TensorType> operands) {
    Operands o = Operands.of(this, operands, 2, 2);
    Shape shape = Broadcast.shape(o.floats(0).shape(), o.floats(1).shape());
    return List.of(Operands.floatType(shape));
  }

  @Override
  public List<Tensor> evaluate(List<Tensor> operands) {
    TensorType type = infer(Operands.typesOf(operands)).get(0);
    float[] left = Operands.floatData(operands, 0);
    float[] right = Operands.floatData(operands, 1);
    Broadcast fromLeft = new Broadcast(operands.get(0).shape(), type.shape());
    Broadcast fromRight = new Broadcast(operands.get(1).shape(), type.shape());
    float[] sum = new float[type.shape().elements()];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = left[fromLeft.source(i)] + right[fromRight.source(i)];
    }
    return List.of(new FloatTensor(type, sum));
  }
}
