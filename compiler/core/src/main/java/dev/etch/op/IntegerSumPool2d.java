// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;

/**
 * Exact int32 sum of {@code x - inputZeroPoint} over a sliding window; padding contributes 0. The
 * accumulator of quantized average pooling; the divisor is part of the Requantize that follows.
 */
public record IntegerSumPool2d(Window window, Layout layout, int inputZeroPoint)
    implements AccumulatingOp {
  @Override
  public int channelAxis(int rank) {
    return layout.channelAxis();
  }

  @Override
  public List<TensorType> infer(List<TensorType> operands) {
    Operands o = Operands.of(this, operands, 1, 1);
    o.integers(0, 16);
    FeatureMaps input = FeatureMaps.of(o, 0, layout);
    input.checkPool(window);
    return List.of(Operands.int32Type(input.windowed(window, input.channels()).shape()));
  }

  @Override
  public List<Tensor> evaluate(List<Tensor> operands) {
    FeatureMaps input = FeatureMaps.of(operands.get(0).shape(), layout);
    FeatureMaps output = input.windowed(window, input.channels());
    WindowLoop loop = new WindowLoop(input, output, window);
    int[] x = Operands.intData(operands, 0);
    int[] y = new int[output.shape().elements()];
    loop.outputs(
        (image, channel, row, column) ->
            y[output.index(image, channel, row, column)] =
                Accumulator.int32(
                    loop.sum(
                        row,
                        column,
                        (i, j, inRow, in) ->
                            x[input.index(image, channel, inRow, in)] - (long) inputZeroPoint)));
    return List.of(new IntegerTensor(Operands.int32Type(output.shape()), y));
  }
}
