// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.diagnostic.CompilerBug;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;

/**
 * A monotone staircase per tensor (one entry) or per channel. The rounding end of every quantized
 * layer.
 */
public record Requantize(List<Requantization> channels, int channelAxis, IntegerType output)
    implements Op {
  @Override
  public List<TensorType> infer(List<TensorType> operands) {
    throw new CompilerBug("Requantize.infer is not written yet");
  }

  @Override
  public List<Tensor> evaluate(List<Tensor> operands) {
    throw new CompilerBug("Requantize.evaluate is not written yet");
  }
}
