// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;

/** Float {@code x}, or {@code alpha * (exp(x) - 1)} below 0, as Eigen computes it. ONNX Elu. */
public record Elu(float alpha) implements FunctionOp {
  @Override
  public boolean isMonotone() {
    return alpha >= 0;
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
    return x >= 0 ? x : alpha * (EigenFunctions.exp(x) - 1);
  }
}
