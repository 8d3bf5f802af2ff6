// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;

/**
 * Largest element under a sliding window; padding never wins. Float or integer. ONNX MaxPool
 * (ceil_mode becomes padding on import).
 */
public record MaxPool2d(Window window, Layout layout) implements AnyElementOp {
  @Override
  public List<TensorType> infer(List<TensorType> operands) {
    Operands o = Operands.of(this, operands, 1, 1);
    FeatureMaps input = FeatureMaps.of(o, 0, layout);
    input.checkPool(window);
    return List.of(
        new TensorType(o.any(0).element(), input.windowed(window, input.channels()).shape()));
  }

  @Override
  public List<Tensor> evaluate(List<Tensor> operands) {
    FeatureMaps input = FeatureMaps.of(operands.get(0).shape(), layout);
    FeatureMaps output = input.windowed(window, input.channels());
    WindowLoop loop = new WindowLoop(input, output, window);
    TensorType type = new TensorType(operands.get(0).type().element(), output.shape());
    return List.of(
        type.isFloat()
            ? floats(input, output, loop, type, Operands.floatData(operands, 0))
            : integers(input, output, loop, type, Operands.intData(operands, 0)));
  }

  private static Tensor floats(
      FeatureMaps input, FeatureMaps output, WindowLoop loop, TensorType type, float[] x) {
    float[] y = new float[type.shape().elements()];
    loop.outputs(
        (image, channel, row, column) ->
            y[output.index(image, channel, row, column)] =
                (float)
                    loop.floatMaximum(
                        row, column, (i, j, r, c) -> x[input.index(image, channel, r, c)]));
    return new FloatTensor(type, y);
  }

  private static Tensor integers(
      FeatureMaps input, FeatureMaps output, WindowLoop loop, TensorType type, int[] x) {
    int[] y = new int[type.shape().elements()];
    loop.outputs(
        (image, channel, row, column) ->
            y[output.index(image, channel, row, column)] =
                (int)
                    loop.maximum(
                        row, column, (i, j, r, c) -> x[input.index(image, channel, r, c)]));
    return new IntegerTensor(type, y);
  }
}
