// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.diagnostic.OperatorException;
import dev.etch.op.requantization.Requantization;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;

/**
 * A monotone staircase per tensor (one entry) or per channel. The rounding end of every quantized
 * layer.
 */
public record Requantize(List<Requantization> channels, int channelAxis, IntegerType output)
    implements IntegerOp {
  @Override
  public List<TensorType> infer(List<TensorType> operands) {
    Operands o = Operands.of(this, operands, 1, 1);
    o.integers(0, 32);
    if (channels.size() != 1) {
      o.axis(0, channelAxis);
      if (o.any(0).shape().dimension(channelAxis) != channels.size()) {
        throw o.misfit(
            0,
            "does not have " + channels.size() + " channels on axis " + channelAxis,
            "one requantization for the tensor or one a channel");
      }
    }
    for (Requantization channel : channels) {
      if (!output.contains(channel.low()) || !output.contains(channel.high())) {
        throw new OperatorException(
            "results from " + channel.low() + " to " + channel.high() + " do not fit " + output,
            "clamp the requantization to the output type");
      }
    }
    return List.of(new TensorType(output, o.any(0).shape()));
  }

  @Override
  public List<Tensor> evaluate(List<Tensor> operands) {
    TensorType type = infer(Operands.typesOf(operands)).get(0);
    int[] x = Operands.intData(operands, 0);
    int stride = channels.size() == 1 ? 1 : type.shape().strides()[channelAxis];
    int[] y = new int[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = channels.get(Gather.coordinate(i, stride, channels.size())).apply(x[i]);
    }
    return List.of(new IntegerTensor(type, y));
  }
}
