// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;

/**
 * Exact {@code sum((x - inputZeroPoint) * w) + bias} as int32 over the last axis; operands x [...,
 * inputs], weights [outputs, inputs] (own zero point already subtracted), optional bias [outputs]
 * int32. ONNX MatMulInteger with constant weights, the accumulator of QLinearMatMul and QGemm.
 */
public record IntegerDense(int inputZeroPoint) implements AccumulatingOp {
  @Override
  public int channelAxis(int rank) {
    return rank - 1;
  }

  @Override
  public List<TensorType> infer(List<TensorType> operands) {
    Operands o = Operands.of(this, operands, 2, 3);
    o.integers(0, 16);
    o.integers(1, 16);
    if (o.has(2)) {
      o.int32(2);
    }
    return List.of(Operands.int32Type(DenseShape.of(o).result()));
  }

  @Override
  public List<Tensor> evaluate(List<Tensor> operands) {
    Operands o = Operands.of(this, Operands.typesOf(operands), 2, 3);
    DenseShape shape = DenseShape.of(o);
    int[] x = Operands.intData(operands, 0);
    int[] weights = Operands.intData(operands, 1);
    int[] y = new int[shape.result().elements()];
    for (int i = 0; i < y.length; i++) {
      int row = i / shape.outputs();
      int output = i % shape.outputs();
      long sum = o.has(2) ? Operands.intData(operands, 2)[output] : 0;
      for (int k = 0; k < shape.inputs(); k++) {
        sum +=
            (x[row * shape.inputs() + k] - (long) inputZeroPoint)
                * weights[output * shape.inputs() + k];
      }
      y[i] = Accumulator.int32(sum);
    }
    return List.of(new IntegerTensor(Operands.int32Type(shape.result()), y));
  }
}
