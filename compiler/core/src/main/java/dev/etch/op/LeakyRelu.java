// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;

/** Float {@code x}, times {@code slope} where it is below 0. ONNX LeakyRelu. */
public record LeakyRelu(float slope) implements FunctionOp {
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
    return x >= 0 ? x : slope * x;
  }
}
