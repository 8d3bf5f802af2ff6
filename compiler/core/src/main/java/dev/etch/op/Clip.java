// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;

/** Float clamp; an absent bound is an infinity. ONNX Clip, Relu6. */
public record Clip(float minimum, float maximum) implements FloatOp {
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
      y[i] = Math.min(Math.max(x[i], minimum), maximum);
    }
    return List.of(FloatTensor.of(operands.get(0).shape(), y));
  }
}
