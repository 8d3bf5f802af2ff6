// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.diagnostic.CompilerBug;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;

/**
 * Exact {@code sum((x - inputZeroPoint) * w) + bias} as int32 over the last axis; operands x [...,
 * inputs], weights [outputs, inputs] (own zero point already subtracted), optional bias [outputs]
 * int32. ONNX MatMulInteger with constant weights, the accumulator of QLinearMatMul and QGemm.
 */
public record IntegerDense(int inputZeroPoint) implements Op {
  @Override
  public List<TensorType> infer(List<TensorType> operands) {
    throw new CompilerBug("IntegerDense.infer is not written yet");
  }

  @Override
  public List<Tensor> evaluate(List<Tensor> operands) {
    throw new CompilerBug("IntegerDense.evaluate is not written yet");
  }
}
