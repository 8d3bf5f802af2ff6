// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;

/**
 * A regular part of a tensor: {@code y[i, j, ...] = x[starts[0] + i * steps[0], ...]}. TFLite
 * STRIDED_SLICE and SPLIT.
 *
 * @param starts first position on each axis
 * @param steps from one position to the next; below 0 backwards, not 0
 * @param extents of the result
 */
public record Slice(List<Integer> starts, List<Integer> steps, List<Integer> extents)
    implements AnyElementOp {
  public Slice {
    starts = List.copyOf(starts);
    steps = List.copyOf(steps);
    extents = List.copyOf(extents);
  }

  @Override
  public List<TensorType> infer(List<TensorType> operands) {
    Operands o = Operands.of(this, operands, 1, 1);
    int rank = o.any(0).shape().rank();
    if (starts.size() != rank || steps.size() != rank || extents.size() != rank) {
      throw o.misfit(0, "needs a start, a step and an extent for each axis", "check the slice");
    }
    for (int axis = 0; axis < rank; axis++) {
      long last = starts.get(axis) + (extents.get(axis) - 1L) * steps.get(axis);
      int extent = o.any(0).shape().dimension(axis);
      boolean inside =
          Math.min(starts.get(axis), last) >= 0 && Math.max(starts.get(axis), last) < extent;
      if (steps.get(axis) == 0 || extents.get(axis) < 0 || (extents.get(axis) > 0 && !inside)) {
        throw o.misfit(0, "is left by the slice on axis " + axis, "slice within the operand");
      }
    }
    return List.of(new TensorType(o.any(0).element(), Operands.shape(extents)));
  }

  @Override
  public List<Tensor> evaluate(List<Tensor> operands) {
    TensorType type = infer(Operands.typesOf(operands)).get(0);
    Shape from = operands.get(0).shape();
    return List.of(Gather.of(type, operands.get(0), index -> source(index, from, type.shape())));
  }

  /**
   * Row-major number in the operand, of shape {@code from}, of the result's element {@code index}.
   */
  public int source(int index, Shape from, Shape result) {
    int[] strides = result.strides();
    int[] sourceStrides = from.strides();
    int source = 0;
    for (int i = 0; i < strides.length; i++) {
      int at = Gather.coordinate(index, strides[i], result.dimension(i));
      source += (starts.get(i) + at * steps.get(i)) * sourceStrides[i];
    }
    return source;
  }
}
