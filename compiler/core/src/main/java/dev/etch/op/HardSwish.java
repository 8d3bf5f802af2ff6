// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;

/** Float {@code x} times a {@link HardSigmoid} of slope 1/6 and offset 1/2. ONNX HardSwish. */
public record HardSwish() implements FunctionOp {
  private static final HardSigmoid GATE = new HardSigmoid(1f / 6, 0.5f);

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
    return x * GATE.apply(x);
  }
}
