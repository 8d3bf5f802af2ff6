// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;

/**
 * Float mean over a sliding window; padding counts into the divisor only if {@code countPadding}.
 * ONNX AveragePool, GlobalAveragePool.
 */
public record AveragePool2d(Window window, Layout layout, boolean countPadding) implements Op {
  @Override
  public List<TensorType> infer(List<TensorType> operands) {
    Operands o = Operands.of(this, operands, 1, 1);
    o.floats(0);
    FeatureMaps input = FeatureMaps.of(o, 0, layout);
    input.checkPool(window);
    return List.of(Operands.floatType(input.windowed(window, input.channels()).shape()));
  }

  @Override
  public List<Tensor> evaluate(List<Tensor> operands) {
    FeatureMaps input = FeatureMaps.of(operands.get(0).shape(), layout);
    FeatureMaps output = input.windowed(window, input.channels());
    WindowLoop loop = new WindowLoop(input, output, window);
    float[] x = Operands.floatData(operands, 0);
    float[] y = new float[output.shape().elements()];
    int area = window.kernelHeight() * window.kernelWidth();
    loop.outputs(
        (image, channel, row, column) -> {
          double sum =
              loop.floatSum(
                  row, column, (i, j, inRow, in) -> x[input.index(image, channel, inRow, in)]);
          int divisor = countPadding ? area : loop.count(row, column);
          y[output.index(image, channel, row, column)] = (float) (sum / divisor);
        });
    return List.of(FloatTensor.of(output.shape(), y));
  }
}
