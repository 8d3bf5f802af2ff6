// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.diagnostic.CompilerBug;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;

/**
 * Exact {@code sum((x - inputZeroPoint) * w) + bias} as int32; padding contributes 0, i.e. reads as
 * inputZeroPoint. Operands x (integer of at most 16 bits), weights [outputs, inputs / groups,
 * kernelHeight, kernelWidth] (integer, own zero point already subtracted), optional bias [outputs]
 * int32. A sum that leaves int32 is an error of the model that range analysis reports before
 * anything is generated; evaluate throws OperatorException. ONNX ConvInteger, the accumulator of
 * QLinearConv.
 */
public record IntegerConv2d(Window window, Layout layout, int groups, int inputZeroPoint)
    implements Op {
  @Override
  public List<TensorType> infer(List<TensorType> operands) {
    throw new CompilerBug("IntegerConv2d.infer is not written yet");
  }

  @Override
  public List<Tensor> evaluate(List<Tensor> operands) {
    throw new CompilerBug("IntegerConv2d.evaluate is not written yet");
  }
}
