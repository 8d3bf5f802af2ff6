// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;

/** Float {@code max(x, 0)}. ONNX Relu. */
public record Relu() implements FloatOp {
  @Override
  public List<TensorType> infer(List<TensorType> operands) {
    Operands o = Operands.of(this, operands, 1, 1);
    return List.of(o.floats(0));
  }

  @Override
  public List<Tensor> evaluate(List<Tensor> operands) {
    float[] x = Operands.floatData(operands, 0);
    float[] y = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = Math.max(x[i], 0f);
    }
    return List.of(FloatTensor.of(operands.get(0).shape(), y));
  }
}
