// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;

/** Float hyperbolic tangent as MLAS computes it. ONNX Tanh. */
public record Tanh() implements FunctionOp {
  @Override
  public boolean isMonotone() {
    return true;
  }

  @Override
  public List<TensorType> infer(List<TensorType> operands) {
    return List.of(Operands.of(this, operands, 1, 1).floats(0));
  }

  @Override
  public List<Tensor> evaluate(List<Tensor> operands) {
    return List.of(Operands.mapped(operands.get(0), this));
  }

  @Override
  public float apply(float x) {
    return MlasFunctions.tanh(x);
  }
}
