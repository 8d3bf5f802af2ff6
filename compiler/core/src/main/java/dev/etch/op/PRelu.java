// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.op.requantization.FloatFunction;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;

/**
 * Float {@code x}, times a channel's slope where it is below 0. ONNX PRelu.
 *
 * @param slopes one for the tensor or one a channel
 * @param channelAxis meaningless with one slope, then 0
 */
public record PRelu(List<Float> slopes, int channelAxis) implements FloatOp {
  public PRelu {
    slopes = List.copyOf(slopes);
  }

  @Override
  public List<TensorType> infer(List<TensorType> operands) {
    Operands o = Operands.of(this, operands, 1, 1);
    o.channels(0, slopes.size(), channelAxis);
    return List.of(o.floats(0));
  }

  @Override
  public List<Tensor> evaluate(List<Tensor> operands) {
    float[] x = Operands.floatData(operands, 0);
    Shape shape = operands.get(0).shape();
    int stride = slopes.size() == 1 ? 1 : shape.strides()[channelAxis];
    float[] y = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = function(Gather.coordinate(i, stride, slopes.size())).apply(x[i]);
    }
    return List.of(FloatTensor.of(shape, y));
  }

  /** The function of one channel. */
  public FloatFunction function(int channel) {
    float slope = slopes.get(channel);
    return x -> x >= 0 ? x : x * slope;
  }
}
