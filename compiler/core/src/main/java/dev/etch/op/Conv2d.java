// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;

/**
 * Float convolution (cross-correlation); operands x, weights [outputs, inputs / groups,
 * kernelHeight, kernelWidth] and an optional bias [outputs]. ONNX Conv.
 */
public record Conv2d(Window window, Layout layout, int groups) implements FloatOp {
  @Override
  public List<TensorType> infer(List<TensorType> operands) {
    Operands o = Operands.of(this, operands, 2, 3);
    for (int i = 0; i < operands.size(); i++) {
      o.floats(i);
    }
    return List.of(
        Operands.floatType(ConvolutionShape.of(o, window, layout, groups).output().shape()));
  }

  @Override
  public List<Tensor> evaluate(List<Tensor> operands) {
    Operands o = Operands.of(this, Operands.typesOf(operands), 2, 3);
    ConvolutionShape shape = ConvolutionShape.of(o, window, layout, groups);
    float[] x = Operands.floatData(operands, 0);
    float[] weights = Operands.floatData(operands, 1);
    float[] bias = o.has(2) ? Operands.floatData(operands, 2) : null;
    float[] y = new float[shape.output().shape().elements()];
    WindowLoop loop = shape.loop();
    loop.outputs(
        (image, out, row, column) -> {
          double sum = bias == null ? 0 : bias[out];
          for (int k = 0; k < shape.channelsPerGroup(); k++) {
            int c = k;
            int in = shape.firstChannel(out) + c;
            sum +=
                loop.floatSum(
                    row,
                    column,
                    (i, j, inRow, inColumn) ->
                        (double) x[shape.input().index(image, in, inRow, inColumn)]
                            * weights[shape.weightIndex(out, c, i, j)]);
          }
          y[shape.output().index(image, out, row, column)] = (float) sum;
        });
    return List.of(FloatTensor.of(shape.output().shape(), y));
  }
}
