// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.op.requantization.RealStep;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;

/**
 * Float arithmetic with constants, {@code x / divisor * factor + addend}, one rounding an
 * operation: division by a constant as read, and what multiplications, sums and batch
 * normalizations with constants become.
 *
 * @param channels one for the tensor or one a channel
 * @param channelAxis meaningless with one entry, then 0
 */
public record Linear(List<RealStep.Linear> channels, int channelAxis) implements FloatOp {
  public Linear {
    channels = List.copyOf(channels);
  }

  @Override
  public List<TensorType> infer(List<TensorType> operands) {
    Operands o = Operands.of(this, operands, 1, 1);
    o.channels(0, channels.size(), channelAxis);
    return List.of(o.floats(0));
  }

  @Override
  public List<Tensor> evaluate(List<Tensor> operands) {
    float[] x = Operands.floatData(operands, 0);
    Shape shape = operands.get(0).shape();
    int stride = channels.size() == 1 ? 1 : shape.strides()[channelAxis];
    float[] y = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = channels.get(Gather.coordinate(i, stride, channels.size())).apply(x[i]);
    }
    return List.of(FloatTensor.of(shape, y));
  }
}
