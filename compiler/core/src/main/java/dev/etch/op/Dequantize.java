// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;

/** {@code (x - zeroPoint) * scale} in float32, per tensor or per channel. ONNX DequantizeLinear. */
public record Dequantize(Quantization quantization) implements ConversionOp {
  @Override
  public List<TensorType> infer(List<TensorType> operands) {
    Operands o = Operands.of(this, operands, 1, 1);
    if (!o.any(0).element().equals(quantization.type())) {
      throw o.misfit(0, "must be of type " + quantization.type(), "quantize it to that type");
    }
    quantization.check(o, 0);
    return List.of(Operands.floatType(o.any(0).shape()));
  }

  @Override
  public List<Tensor> evaluate(List<Tensor> operands) {
    int[] x = Operands.intData(operands, 0);
    Shape shape = operands.get(0).shape();
    int stride = quantization.stride(shape);
    float[] y = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      int channel = Gather.coordinate(i, stride, quantization.scales().size());
      y[i] = quantization.dequantize(x[i], channel);
    }
    return List.of(FloatTensor.of(shape, y));
  }
}
