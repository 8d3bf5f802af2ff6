// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.diagnostic.CompilerBug;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;

/**
 * The same row-major elements under another shape (all extents known). ONNX Reshape, Flatten,
 * Squeeze, Unsqueeze.
 */
public record Reshape(List<Integer> shape) implements Op {
  @Override
  public List<TensorType> infer(List<TensorType> operands) {
    throw new CompilerBug("Reshape.infer is not written yet");
  }

  @Override
  public List<Tensor> evaluate(List<Tensor> operands) {
    throw new CompilerBug("Reshape.evaluate is not written yet");
  }
}
