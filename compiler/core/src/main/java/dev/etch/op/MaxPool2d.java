// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.diagnostic.CompilerBug;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;

/**
 * Largest element under a sliding window; padding never wins. Float or integer. ONNX MaxPool
 * (ceil_mode becomes padding on import).
 */
public record MaxPool2d(Window window, Layout layout) implements Op {
  @Override
  public List<TensorType> infer(List<TensorType> operands) {
    throw new CompilerBug("MaxPool2d.infer is not written yet");
  }

  @Override
  public List<Tensor> evaluate(List<Tensor> operands) {
    throw new CompilerBug("MaxPool2d.evaluate is not written yet");
  }
}
