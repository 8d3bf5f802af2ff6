// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;

/** {@code saturate(roundHalfEven(x / scale) + zeroPoint)} in float32. ONNX QuantizeLinear. */
public record Quantize(Quantization quantization) implements ConversionOp {
  @Override
  public List<TensorType> infer(List<TensorType> operands) {
    Operands o = Operands.of(this, operands, 1, 1);
    o.floats(0);
    quantization.check(o, 0);
    return List.of(new TensorType(quantization.type(), o.any(0).shape()));
  }

  @Override
  public List<Tensor> evaluate(List<Tensor> operands) {
    float[] x = Operands.floatData(operands, 0);
    Shape shape = operands.get(0).shape();
    int stride = quantization.stride(shape);
    int[] y = new int[x.length];
    for (int i = 0; i < x.length; i++) {
      int channel = Gather.coordinate(i, stride, quantization.scales().size());
      y[i] = quantization.quantize(x[i], channel);
    }
    return List.of(IntegerTensor.of(quantization.type(), shape, y));
  }
}
