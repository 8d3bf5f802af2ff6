// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.diagnostic.CompilerBug;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;

/**
 * Float {@code (x - mean) / sqrt(variance + epsilon) * scale + bias} per channel; operands x,
 * scale, bias, mean, variance. ONNX BatchNormalization in inference mode.
 */
public record BatchNormalization(float epsilon, int channelAxis) implements Op {
  @Override
  public List<TensorType> infer(List<TensorType> operands) {
    throw new CompilerBug("BatchNormalization.infer is not written yet");
  }

  @Override
  public List<Tensor> evaluate(List<Tensor> operands) {
    throw new CompilerBug("BatchNormalization.evaluate is not written yet");
  }
}
