// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.diagnostic.OperatorException;
import dev.etch.op.requantization.Average;
import dev.etch.op.requantization.ScaleThenRound;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;

/**
 * Float mean over a sliding window. ONNX AveragePool, GlobalAveragePool.
 *
 * @param window as large as the feature maps and without padding if {@code global}
 * @param layout of the feature maps
 * @param countPadding whether padding counts into the divisor
 * @param global whether the model says global pooling. The mean is the same, but between Dequantize
 *     and Quantize ONNX Runtime computes it with another formula than that of a window of that
 *     size: {@link ScaleThenRound} instead of {@link Average}
 */
public record AveragePool2d(Window window, Layout layout, boolean countPadding, boolean global)
    implements FloatOp {
  /** The mean of whole feature maps. */
  public static AveragePool2d ofWholeMaps(int height, int width, Layout layout) {
    return new AveragePool2d(Window.of(height, width), layout, false, true);
  }

  @Override
  public List<TensorType> infer(List<TensorType> operands) {
    Operands o = Operands.of(this, operands, 1, 1);
    o.floats(0);
    FeatureMaps input = FeatureMaps.of(o, 0, layout);
    input.checkPool(window);
    if (global && !window.equals(Window.of(input.height(), input.width()))) {
      throw new OperatorException(
          "global pooling of %d by %d with another window".formatted(input.height(), input.width()),
          "make the window as large as the feature maps, without padding");
    }
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
