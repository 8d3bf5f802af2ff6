// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;

/** Float softmax along one axis (ONNX Softmax since opset 13); rounds as ONNX Runtime does. */
public record Softmax(int axis) implements FloatOp {
  @Override
  public List<TensorType> infer(List<TensorType> operands) {
    Operands o = Operands.of(this, operands, 1, 1);
    o.floats(0);
    o.axis(0, axis);
    return List.of(o.any(0));
  }

  @Override
  public List<Tensor> evaluate(List<Tensor> operands) {
    float[] x = Operands.floatData(operands, 0);
    Shape shape = operands.get(0).shape();
    int extent = shape.dimension(axis);
    int stride = shape.strides()[axis];
    float[] y = new float[x.length];
    for (int line = 0; line < (extent == 0 ? 0 : x.length / extent); line++) {
      SoftmaxArithmetic.normalize(
          x, y, line / stride * stride * extent + line % stride, stride, extent);
    }
    return List.of(FloatTensor.of(shape, y));
  }
}
