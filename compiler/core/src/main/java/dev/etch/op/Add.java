// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.diagnostic.CompilerBug;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;

/** Float sum of two tensors, with multidirectional broadcasting (ONNX Add). */
public record Add() implements Op {
  @Override
  public List<TensorType> infer(List<TensorType> operands) {
    throw new CompilerBug("Add.infer is not written yet");
  }

  @Override
  public List<Tensor> evaluate(List<Tensor> operands) {
    throw new CompilerBug("Add.evaluate is not written yet");
  }
}
