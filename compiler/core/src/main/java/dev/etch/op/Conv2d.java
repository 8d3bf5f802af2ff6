// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.diagnostic.CompilerBug;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;

/**
 * Float convolution (cross-correlation); operands x, weights [outputs, inputs / groups,
 * kernelHeight, kernelWidth] and an optional bias [outputs]. ONNX Conv.
 */
public record Conv2d(Window window, Layout layout, int groups) implements Op {
  @Override
  public List<TensorType> infer(List<TensorType> operands) {
    throw new CompilerBug("Conv2d.infer is not written yet");
  }

  @Override
  public List<Tensor> evaluate(List<Tensor> operands) {
    throw new CompilerBug("Conv2d.evaluate is not written yet");
  }
}
