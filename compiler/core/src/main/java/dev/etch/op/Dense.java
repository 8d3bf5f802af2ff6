// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;

/**
 * Float {@code y = x * transpose(w) + bias} over the last axis; operands x [..., inputs], weights
 * [outputs, inputs], optional bias [outputs]. ONNX Gemm, and MatMul with constant weights.
 */
public record Dense() implements FloatOp {
  @Override
  public List<TensorType> infer(List<TensorType> operands) {
    Operands o = Operands.of(this, operands, 2, 3);
    for (int i = 0; i < operands.size(); i++) {
      o.floats(i);
    }
    return List.of(Operands.floatType(DenseShape.of(o).result()));
  }

  @Override
  public List<Tensor> evaluate(List<Tensor> operands) {
    Operands o = Operands.of(this, Operands.typesOf(operands), 2, 3);
    DenseShape shape = DenseShape.of(o);
    float[] x = Operands.floatData(operands, 0);
    float[] weights = Operands.floatData(operands, 1);
    float[] y = new float[shape.result().elements()];
    for (int i = 0; i < y.length; i++) {
      int row = i / shape.outputs();
      int output = i % shape.outputs();
      double sum = o.has(2) ? Operands.floatData(operands, 2)[output] : 0;
      for (int k = 0; k < shape.inputs(); k++) {
        sum += (double) x[row * shape.inputs() + k] * weights[output * shape.inputs() + k];
      }
      y[i] = (float) sum;
    }
    return List.of(FloatTensor.of(shape.result(), y));
  }
}
