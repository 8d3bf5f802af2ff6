// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.diagnostic.CompilerBug;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;

/**
 * Index (int64) of the largest element along an axis; the first of equals unless {@code
 * selectLast}. Float or integer operand. ONNX ArgMax.
 */
public record ArgMax(int axis, boolean keepDimensions, boolean selectLast) implements Op {
  @Override
  public List<TensorType> infer(List<TensorType> operands) {
    throw new CompilerBug("ArgMax.infer is not written yet");
  }

  @Override
  public List<Tensor> evaluate(List<Tensor> operands) {
    throw new CompilerBug("ArgMax.evaluate is not written yet");
  }
}
