// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.diagnostic.CompilerBug;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;

/** {@code saturate(roundHalfEven(x / scale) + zeroPoint)} in float32. ONNX QuantizeLinear. */
public record Quantize(Quantization quantization) implements Op {
  @Override
  public List<TensorType> infer(List<TensorType> operands) {
    throw new CompilerBug("Quantize.infer is not written yet");
  }

  @Override
  public List<Tensor> evaluate(List<Tensor> operands) {
    throw new CompilerBug("Quantize.evaluate is not written yet");
  }
}
