// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;

/**
 * Float {@code (x - mean) / sqrt(variance + epsilon) * scale + bias} per channel; operands x,
 * scale, bias, mean, variance. ONNX BatchNormalization in inference mode.
 */
public record BatchNormalization(float epsilon, int channelAxis) implements FloatOp {
  @Override
  public List<TensorType> infer(List<TensorType> operands) {
    Operands o = Operands.of(this, operands, 5, 5);
    o.axis(0, channelAxis);
    int channels = o.floats(0).shape().dimension(channelAxis);
    for (int i = 1; i < 5; i++) {
      o.floats(i);
      o.vector(i, channels);
    }
    return List.of(o.any(0));
  }

  /** What x is multiplied by, with the roundings of ONNX Runtime's kernel. */
  public static float factor(float scale, float variance, float epsilon) {
    return 1 / (float) Math.sqrt(variance + epsilon) * scale;
  }

  @Override
  public List<Tensor> evaluate(List<Tensor> operands) {
    float[] x = Operands.floatData(operands, 0);
    float[] scale = Operands.floatData(operands, 1);
    float[] bias = Operands.floatData(operands, 2);
    float[] mean = Operands.floatData(operands, 3);
    float[] variance = Operands.floatData(operands, 4);
    Shape shape = operands.get(0).shape();
    int stride = shape.strides()[channelAxis];
    float[] y = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      int c = Gather.coordinate(i, stride, scale.length);
      float factor = factor(scale[c], variance[c], epsilon);
      y[i] = x[i] * factor + (bias[c] - mean[c] * factor);
    }
    return List.of(FloatTensor.of(shape, y));
  }
}
