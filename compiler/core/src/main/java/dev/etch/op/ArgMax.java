// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/**
 * Index (int64) of the largest element along an axis; the first of equals unless {@code
 * selectLast}. Float or integer operand. ONNX ArgMax.
 */
public record ArgMax(int axis, boolean keepDimensions, boolean selectLast) implements AnyElementOp {
  @Override
  public List<TensorType> infer(List<TensorType> operands) {
    Operands o = Operands.of(this, operands, 1, 1);
    o.axis(0, axis);
    List<Integer> extents = new ArrayList<>(o.any(0).shape().dimensions());
    if (extents.get(axis) == 0) {
      throw o.misfit(0, "has nothing to choose from", "axis " + axis + " must not be empty");
    }
    if (keepDimensions) {
      extents.set(axis, 1);
    } else {
      extents.remove(axis);
    }
    return List.of(new TensorType(IntegerType.INT64, Operands.shape(extents)));
  }

  @Override
  public List<Tensor> evaluate(List<Tensor> operands) {
    TensorType type = infer(Operands.typesOf(operands)).get(0);
    Shape shape = operands.get(0).shape();
    int extent = shape.dimension(axis);
    int stride = shape.strides()[axis];
    int[] best = new int[type.shape().elements()];
    for (int i = 0; i < best.length; i++) {
      int first = i / stride * stride * extent + i % stride;
      best[i] = largest(operands.get(0), first, stride, extent);
    }
    return List.of(new IntegerTensor(type, best));
  }

  private int largest(Tensor tensor, int first, int stride, int extent) {
    int best = 0;
    for (int i = 1; i < extent; i++) {
      int order = compare(tensor, first + i * stride, first + best * stride);
      if (order > 0 || (order == 0 && selectLast)) {
        best = i;
      }
    }
    return best;
  }

  private static int compare(Tensor tensor, int left, int right) {
    if (tensor instanceof FloatTensor floats) {
      // Not Float.compare: -0 and 0 are equal, and a NaN never wins.
      float difference = floats.data()[left] - floats.data()[right];
      return difference > 0 ? 1 : floats.data()[left] == floats.data()[right] ? 0 : -1;
    }
    int[] data = ((IntegerTensor) tensor).data();
    return Integer.compare(data[left], data[right]);
  }
}
