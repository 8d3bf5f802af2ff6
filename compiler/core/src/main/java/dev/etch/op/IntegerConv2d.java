// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;

/**
 * Exact {@code sum((x - inputZeroPoint) * w) + bias} as int32; padding contributes 0, i.e. reads as
 * inputZeroPoint. Operands x (integer of at most 16 bits), weights [outputs, inputs / groups,
 * kernelHeight, kernelWidth] (integer, own zero point already subtracted), optional bias [outputs]
 * int32. A sum that leaves int32 is an error of the model that range analysis reports before
 * anything is generated; evaluate throws OperatorException. ONNX ConvInteger, the accumulator of
 * QLinearConv.
 */
public record IntegerConv2d(Window window, Layout layout, int groups, int inputZeroPoint)
    implements AccumulatingOp {
  @Override
  public int channelAxis(int rank) {
    return layout.channelAxis();
  }

  @Override
  public List<TensorType> infer(List<TensorType> operands) {
    Operands o = Operands.of(this, operands, 2, 3);
    o.integers(0, 16);
    o.integers(1, 16);
    if (o.has(2)) {
      o.int32(2);
    }
    return List.of(
        Operands.int32Type(ConvolutionShape.of(o, window, layout, groups).output().shape()));
  }

  @Override
  public List<Tensor> evaluate(List<Tensor> operands) {
    Operands o = Operands.of(this, Operands.typesOf(operands), 2, 3);
    ConvolutionShape shape = ConvolutionShape.of(o, window, layout, groups);
    int[] x = Operands.intData(operands, 0);
    int[] weights = Operands.intData(operands, 1);
    int[] bias = o.has(2) ? Operands.intData(operands, 2) : null;
    int[] y = new int[shape.output().shape().elements()];
    WindowLoop loop = shape.loop();
    loop.outputs(
        (image, out, row, column) -> {
          long sum = bias == null ? 0 : bias[out];
          for (int k = 0; k < shape.channelsPerGroup(); k++) {
            int c = k;
            int in = shape.firstChannel(out) + c;
            sum +=
                loop.sum(
                    row,
                    column,
                    (i, j, inRow, inColumn) ->
                        (x[shape.input().index(image, in, inRow, inColumn)] - (long) inputZeroPoint)
                            * weights[shape.weightIndex(out, c, i, j)]);
          }
          y[shape.output().index(image, out, row, column)] = Accumulator.int32(sum);
        });
    return List.of(new IntegerTensor(Operands.int32Type(shape.output().shape()), y));
  }
}
