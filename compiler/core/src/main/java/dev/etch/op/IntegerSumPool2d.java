// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.diagnostic.CompilerBug;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;

/**
 * Exact int32 sum of {@code x - inputZeroPoint} over a sliding window; padding contributes 0. The
 * accumulator of quantized average pooling; the divisor is part of the Requantize that follows.
 */
public record IntegerSumPool2d(Window window, Layout layout, int inputZeroPoint) implements Op {
  @Override
  public List<TensorType> infer(List<TensorType> operands) {
    throw new CompilerBug("IntegerSumPool2d.infer is not written yet");
  }

  @Override
  public List<Tensor> evaluate(List<Tensor> operands) {
    throw new CompilerBug("IntegerSumPool2d.evaluate is not written yet");
  }
}
