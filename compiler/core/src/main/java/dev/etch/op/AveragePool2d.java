// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.diagnostic.CompilerBug;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;

/**
 * Float mean over a sliding window; padding counts into the divisor only if {@code countPadding}.
 * ONNX AveragePool, GlobalAveragePool.
 */
public record AveragePool2d(Window window, Layout layout, boolean countPadding) implements Op {
  @Override
  public List<TensorType> infer(List<TensorType> operands) {
    throw new CompilerBug("AveragePool2d.infer is not written yet");
  }

  @Override
  public List<Tensor> evaluate(List<Tensor> operands) {
    throw new CompilerBug("AveragePool2d.evaluate is not written yet");
  }
}
