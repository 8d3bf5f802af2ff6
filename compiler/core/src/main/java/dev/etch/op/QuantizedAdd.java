// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.diagnostic.OperatorException;
import dev.etch.op.requantization.SumRequantization;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;

/** Sum of two integer tensors, broadcast as NumPy does, requantized. ONNX Runtime QLinearAdd. */
public record QuantizedAdd(SumRequantization sum, IntegerType output) implements IntegerOp {
  @Override
  public List<TensorType> infer(List<TensorType> operands) {
    Operands o = Operands.of(this, operands, 2, 2);
    o.integers(0, 32);
    o.integers(1, 32);
    Shape shape = Broadcast.shape(o.any(0).shape(), o.any(1).shape());
    if (!output.contains(sum.low()) || !output.contains(sum.high())) {
      throw new OperatorException(
          "results from " + sum.low() + " to " + sum.high() + " do not fit " + output,
          "clamp the sum to the output type");
    }
    return List.of(new TensorType(output, shape));
  }

  @Override
  public List<Tensor> evaluate(List<Tensor> operands) {
    TensorType type = infer(Operands.typesOf(operands)).get(0);
    int[] left = Operands.intData(operands, 0);
    int[] right = Operands.intData(operands, 1);
    Broadcast ofLeft = new Broadcast(operands.get(0).shape(), type.shape());
    Broadcast ofRight = new Broadcast(operands.get(1).shape(), type.shape());
    int[] y = new int[type.shape().elements()];
    for (int i = 0; i < y.length; i++) {
      y[i] = sum.apply(left[ofLeft.source(i)], right[ofRight.source(i)]);
    }
    return List.of(new IntegerTensor(type, y));
  }
}
