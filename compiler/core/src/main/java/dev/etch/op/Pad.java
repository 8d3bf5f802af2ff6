// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.diagnostic.CompilerBug;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;

/**
 * Constant padding; one entry an axis. {@code value} is in the operand's own element type. ONNX
 * Pad, mode constant.
 */
public record Pad(List<Integer> before, List<Integer> after, double value) implements Op {
  @Override
  public List<TensorType> infer(List<TensorType> operands) {
    throw new CompilerBug("Pad.infer is not written yet");
  }

  @Override
  public List<Tensor> evaluate(List<Tensor> operands) {
    throw new CompilerBug("Pad.evaluate is not written yet");
  }
}
