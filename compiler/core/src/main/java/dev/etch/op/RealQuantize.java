// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.diagnostic.OperatorException;
import dev.etch.op.requantization.RealQuantizer;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;

/**
 * Floats to integers by QONNX's quantizers: the first half of Quant, BipolarQuant and Trunc; a
 * Dequantize is the second.
 *
 * @param channels one for the tensor or one a channel
 * @param channelAxis meaningless with one quantizer, then 0
 * @param output holds every result
 */
public record RealQuantize(List<RealQuantizer> channels, int channelAxis, IntegerType output)
    implements ConversionOp {
  public RealQuantize {
    channels = List.copyOf(channels);
    for (RealQuantizer channel : channels) {
      if (!output.contains(channel.low()) || !output.contains(channel.high())) {
        throw new OperatorException(
            "results from " + channel.low() + " to " + channel.high() + " do not fit " + output,
            "");
      }
    }
  }

  @Override
  public List<TensorType> infer(List<TensorType> operands) {
    Operands o = Operands.of(this, operands, 1, 1);
    o.floats(0);
    o.channels(0, channels.size(), channelAxis);
    return List.of(new TensorType(output, o.any(0).shape()));
  }

  @Override
  public List<Tensor> evaluate(List<Tensor> operands) {
    float[] x = Operands.floatData(operands, 0);
    Shape shape = operands.get(0).shape();
    int stride = channels.size() == 1 ? 1 : shape.strides()[channelAxis];
    int[] y = new int[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = channels.get(Gather.coordinate(i, stride, channels.size())).apply(x[i]);
    }
    return List.of(IntegerTensor.of(output, shape, y));
  }
}
