// SPDX-License-Identifier: Apache-2.0
package dev.etch.op;

import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.List;

/**
 * The same row-major elements under another shape (all extents known). ONNX Reshape, Flatten,
 * Squeeze, Unsqueeze.
 */
public record Reshape(List<Integer> shape) implements AnyElementOp {
  @Override
  public List<TensorType> infer(List<TensorType> operands) {
    Operands o = Operands.of(this, operands, 1, 1);
    Shape result = Operands.shape(shape);
    if (result.elements() != o.any(0).shape().elements()) {
      throw o.misfit(0, "cannot become " + result, "both shapes must have equally many elements");
    }
    return List.of(new TensorType(o.any(0).element(), result));
  }

  @Override
  public List<Tensor> evaluate(List<Tensor> operands) {
    return List.of(operands.get(0).reshape(new Shape(shape)));
  }
}
