// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.diagnostic.CompilerBug;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;

/**
 * Float {@code y = x * transpose(w) + bias} over the last axis; operands x [..., inputs], weights
 * [outputs, inputs], optional bias [outputs]. ONNX Gemm, and MatMul with constant weights.
 */
public record Dense() implements Op {
  @Override
  public List<TensorType> infer(List<TensorType> operands) {
    throw new CompilerBug("Dense.infer is not written yet");
  }

  @Override
  public List<Tensor> evaluate(List<Tensor> operands) {
    throw new CompilerBug("Dense.evaluate is not written yet");
  }
}
