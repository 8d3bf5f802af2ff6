// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/** {@code y.axis[i] = x.axis[permutation[i]]}. ONNX Transpose. */
public record Transpose(List<Integer> permutation) implements AnyElementOp {
  @Override
  public List<TensorType> infer(List<TensorType> operands) {
    Operands o = Operands.of(this, operands, 1, 1);
    Shape shape = o.any(0).shape();
    List<Integer> axes = new ArrayList<>(permutation);
    axes.sort(null);
    if (axes.size() != shape.rank() || !axes.equals(counting(shape.rank()))) {
      throw o.misfit(0, "cannot be permuted by " + permutation, "name each axis exactly once");
    }
    return List.of(
        new TensorType(
            o.any(0).element(),
            Operands.shape(permutation.stream().map(shape::dimension).toList())));
  }

  @Override
  public List<Tensor> evaluate(List<Tensor> operands) {
    TensorType type = infer(Operands.typesOf(operands)).get(0);
    int[] strides = type.shape().strides();
    int[] sourceStrides = operands.get(0).shape().strides();
    return List.of(
        Gather.of(
            type,
            operands.get(0),
            index -> {
              int source = 0;
              for (int i = 0; i < strides.length; i++) {
                int at = Gather.coordinate(index, strides[i], type.shape().dimension(i));
                source += at * sourceStrides[permutation.get(i)];
              }
              return source;
            }));
  }

  private static List<Integer> counting(int end) {
    return java.util.stream.IntStream.range(0, end).boxed().toList();
  }
}
