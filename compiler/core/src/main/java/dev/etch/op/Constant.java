// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.diagnostic.CompilerBug;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import dev.etch.tensor.Weights;
import java.util.List;

/** Constant data, in the form that it was compressed to. No operands. */
public record Constant(Weights weights) implements Op {
  @Override
  public List<TensorType> infer(List<TensorType> operands) {
    throw new CompilerBug("Constant.infer is not written yet");
  }

  @Override
  public List<Tensor> evaluate(List<Tensor> operands) {
    throw new CompilerBug("Constant.evaluate is not written yet");
  }
}
