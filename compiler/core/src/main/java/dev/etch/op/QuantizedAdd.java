// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.diagnostic.CompilerBug;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;

/** Sum of two integer tensors of equal shape, requantized. ONNX Runtime QLinearAdd. */
public record QuantizedAdd(SumRequantization sum, IntegerType output) implements Op {
  @Override
  public List<TensorType> infer(List<TensorType> operands) {
    throw new CompilerBug("QuantizedAdd.infer is not written yet");
  }

  @Override
  public List<Tensor> evaluate(List<Tensor> operands) {
    throw new CompilerBug("QuantizedAdd.evaluate is not written yet");
  }
}
