// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import dev.etch.tensor.Weights;
import java.util.List;

/** Constant data, in the form that it was compressed to. No operands. */
public record Constant(Weights weights) implements AnyElementOp {
  @Override
  public List<TensorType> infer(List<TensorType> operands) {
    Operands.of(this, operands, 0, 0);
    return List.of(weights.type());
  }

  @Override
  public List<Tensor> evaluate(List<Tensor> operands) {
    return List.of(weights.decode());
  }
}
