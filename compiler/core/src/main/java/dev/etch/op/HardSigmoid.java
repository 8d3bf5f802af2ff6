// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;

/** Float {@code x * slope + offset}, kept in 0 to 1. ONNX HardSigmoid. */
public record HardSigmoid(float slope, float offset) implements FunctionOp {
  @Override
  public boolean isMonotone() {
    return slope >= 0;
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
    return Math.max(Math.min(slope * x + offset, 1), 0);
  }
}
