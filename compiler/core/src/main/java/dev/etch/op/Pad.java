// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Constant padding; one entry an axis. {@code value} is in the operand's own element type. ONNX
 * Pad, mode constant.
 */
public record Pad(List<Integer> before, List<Integer> after, double value) implements AnyElementOp {
  @Override
  public List<TensorType> infer(List<TensorType> operands) {
    Operands o = Operands.of(this, operands, 1, 1);
    List<Integer> extents = new ArrayList<>(o.any(0).shape().dimensions());
    if (before.size() != extents.size() || after.size() != extents.size()) {
      throw o.misfit(0, "needs one pad before and one after each axis", "check the pads");
    }
    for (int i = 0; i < extents.size(); i++) {
      if (before.get(i) < 0 || after.get(i) < 0) {
        throw o.misfit(0, "has a negative pad on axis " + i, "crop with a Slice instead");
      }
      long extent = (long) extents.get(i) + before.get(i) + after.get(i);
      extents.set(i, (int) Math.min(extent, Integer.MAX_VALUE));
    }
    if (o.any(0).element() instanceof IntegerType t
        && !(value == (long) value && t.contains((long) value))) {
      throw o.misfit(0, "cannot hold the pad value " + value, "pad with a value of its type");
    }
    return List.of(new TensorType(o.any(0).element(), Operands.shape(extents)));
  }

  @Override
  public List<Tensor> evaluate(List<Tensor> operands) {
    TensorType type = infer(Operands.typesOf(operands)).get(0);
    int elements = type.shape().elements();
    if (operands.get(0) instanceof FloatTensor floats) {
      float[] data = new float[elements];
      Arrays.fill(data, (float) value);
      for (int i = 0; i < floats.data().length; i++) {
        data[target(i, floats.shape(), type.shape())] = floats.data()[i];
      }
      return List.of(new FloatTensor(type, data));
    }
    IntegerTensor integers = (IntegerTensor) operands.get(0);
    int[] data = new int[elements];
    Arrays.fill(data, (int) value);
    for (int i = 0; i < integers.data().length; i++) {
      data[target(i, integers.shape(), type.shape())] = integers.data()[i];
    }
    return List.of(new IntegerTensor(type, data));
  }

  /** Where the row-major element {@code index} of the operand goes. */
  private int target(int index, Shape from, Shape to) {
    int[] fromStrides = from.strides();
    int[] toStrides = to.strides();
    int target = 0;
    for (int i = 0; i < fromStrides.length; i++) {
      int at = Gather.coordinate(index, fromStrides[i], from.dimension(i));
      target += (at + before.get(i)) * toStrides[i];
    }
    return target;
  }
}
