// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.ArrayList;
import java.util.List;

/**
 * The larger of two elements, or the smaller, of float tensors of one shape. ONNX Max and Min.
 *
 * @param least whether it is the smaller
 */
public record Extremum(boolean least) implements FloatOp {
  @Override
  public List<TensorType> infer(List<TensorType> operands) {
    Operands o = Operands.of(this, operands, 2, 2);
    if (!o.floats(0).shape().equals(o.floats(1).shape())) {
      throw o.misfit(1, "has another shape than operand 0", "give both one shape");
    }
    return List.of(o.any(0));
  }

  @Override
  public List<Tensor> evaluate(List<Tensor> operands) {
    float[] left = Operands.floatData(operands, 0);
    float[] right = Operands.floatData(operands, 1);
    float[] y = new float[left.length];
    for (int i = 0; i < y.length; i++) {
      y[i] = least ? Math.min(left[i], right[i]) : Math.max(left[i], right[i]);
    }
    return List.of(FloatTensor.of(operands.get(0).shape(), y));
  }

  /**
   * What makes a column of an operand of integers: the larger of two elements is a pool's result,
   * the smaller the complement of the larger of their complements.
   */
  public List<Op> ofOperand(IntegerType type, Shape shape) {
    List<Op> operators = new ArrayList<>();
    if (least) {
      operators.add(complement(type));
    }
    operators.add(new Reshape(List.of(shape.elements(), 1)));
    return operators;
  }

  /** What makes the result of both columns, joined along axis 1. */
  public List<Op> ofPairs(IntegerType type, Shape shape) {
    List<Op> operators = new ArrayList<>();
    operators.add(new Reshape(List.of(1, shape.elements(), 2, 1)));
    operators.add(new MaxPool2d(new Window(1, 2, 1, 2, 1, 1, 0, 0, 0, 0), Layout.NHWC));
    if (least) {
      operators.add(complement(type));
    }
    operators.add(new Reshape(shape.dimensions()));
    return operators;
  }

  private static Lookup complement(IntegerType type) {
    int ends = (int) (type.minimum() + type.maximum());
    return Lookup.of(type, type, x -> ends - x);
  }
}
