// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;

/**
 * Average over the elements under a window that are not padding, rounded to nearest, ties away from
 * zero, and clamped. For windows over the edge, where the number of elements differs from place to
 * place; elsewhere it is an IntegerSumPool2d with a Requantize. TFLite AVERAGE_POOL_2D.
 *
 * @param window with any padding
 * @param layout of operand and result
 * @param low smallest output
 * @param high largest output
 */
public record RoundedAveragePool2d(Window window, Layout layout, int low, int high) implements Op {
  @Override
  public List<TensorType> infer(List<TensorType> operands) {
    Operands o = Operands.of(this, operands, 1, 1);
    TensorType x = o.integers(0, 16);
    FeatureMaps input = FeatureMaps.of(o, 0, layout);
    input.checkPool(window);
    IntegerType type = (IntegerType) x.element();
    if (!type.contains(low) || !type.contains(high)) {
      throw new OperatorException(
          "results from " + low + " to " + high + " do not fit " + type, "clamp to its limits");
    }
    return List.of(new TensorType(type, input.windowed(window, input.channels()).shape()));
  }

  @Override
  public List<Tensor> evaluate(List<Tensor> operands) {
    TensorType type = infer(Operands.typesOf(operands)).get(0);
    FeatureMaps input = FeatureMaps.of(operands.get(0).shape(), layout);
    FeatureMaps output = FeatureMaps.of(type.shape(), layout);
    WindowLoop loop = new WindowLoop(input, output, window);
    int[] x = Operands.intData(operands, 0);
    int[] y = new int[type.shape().elements()];
    loop.outputs(
        (image, channel, row, column) -> {
          long sum = loop.sum(row, column, (i, j, r, c) -> x[input.index(image, channel, r, c)]);
          y[output.index(image, channel, row, column)] =
              new Requantization.RoundedQuotient(loop.count(row, column), low, high).apply(sum);
        });
    return List.of(new IntegerTensor(type, y));
  }
}
