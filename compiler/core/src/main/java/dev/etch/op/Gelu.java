// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;

/**
 * Float {@code x} times the normal distribution's cumulative function. ONNX Gelu.
 *
 * @param tangent whether that is approximated with a hyperbolic tangent instead of the error
 *     function
 */
public record Gelu(boolean tangent) implements FunctionOp {
  private static final float SQRT_HALF = 0.70710678118654752440f;
  private static final float LINEAR = 0.7978845608028654f;
  private static final float CUBIC = 0.035677408136300125f;

  @Override
  public boolean isMonotone() {
    return false;
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
    return tangent
        ? 0.5f * x * (MlasFunctions.tanh(x * (CUBIC * x * x + LINEAR)) + 1)
        : 0.5f * x * (MlasFunctions.erf(x * SQRT_HALF) + 1);
  }
}
