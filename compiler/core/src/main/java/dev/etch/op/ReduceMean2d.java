// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;

/**
 * Float mean of whole feature maps, each a map of one element. ONNX ReduceMean over rows and
 * columns. The same number as a global {@link AveragePool2d}, but ONNX Runtime has no quantized
 * kernel for it: between Dequantize and Quantize it is rounded otherwise.
 */
public record ReduceMean2d(Layout layout) implements FloatOp {
  @Override
  public List<TensorType> infer(List<TensorType> operands) {
    Operands.of(this, operands, 1, 1).floats(0);
    return mean(operands.get(0)).infer(operands);
  }

  @Override
  public List<Tensor> evaluate(List<Tensor> operands) {
    return mean(operands.get(0).type()).evaluate(operands);
  }

  /** The window that holds a whole map of the operand. */
  public Window window(TensorType operand) {
    Operands o = Operands.of(this, List.of(operand), 1, 1);
    FeatureMaps maps = FeatureMaps.of(o, 0, layout);
    return Window.of(maps.height(), maps.width());
  }

  private AveragePool2d mean(TensorType operand) {
    return new AveragePool2d(window(operand), layout, false, true);
  }
}
