// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.diagnostic.OperatorException;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;

/**
 * {@code saturate(round(x / scale) + zeroPoint)} in float32, ties away from zero, where {@link
 * Quantize} rounds ties to even. TFLite QUANTIZE of floats.
 *
 * @param quantization one for the tensor
 */
public record QuantizeTiesAway(Quantization quantization) implements ConversionOp {
  public QuantizeTiesAway {
    if (!quantization.isPerTensor()) {
      throw new OperatorException("several scales", "TFLite quantizes activations by one");
    }
  }

  @Override
  public List<TensorType> infer(List<TensorType> operands) {
    Operands o = Operands.of(this, operands, 1, 1);
    o.floats(0);
    return List.of(new TensorType(quantization.type(), o.any(0).shape()));
  }

  @Override
  public List<Tensor> evaluate(List<Tensor> operands) {
    float[] x = Operands.floatData(operands, 0);
    int[] y = new int[x.length];
    for (int i = 0; i < x.length; i++) {
      double ratio = x[i] / quantization.scale(0);
      // Exact: a float plus a half fits a double.
      double rounded = Math.copySign(Math.floor(Math.abs(ratio) + 0.5), ratio);
      // The cast saturates and takes NaN for 0.
      y[i] = (int) quantization.type().saturate(saturated(rounded) + quantization.zeroPoint(0));
    }
    return List.of(IntegerTensor.of(quantization.type(), operands.get(0).shape(), y));
  }

  private static long saturated(double value) {
    return (int) value;
  }
}
