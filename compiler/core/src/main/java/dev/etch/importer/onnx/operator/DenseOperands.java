// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.graph.Value;
import dev.etch.importer.Refusal;
import dev.etch.importer.onnx.data.Operand;
import dev.etch.tensor.Shape;
import java.util.List;

/** Operands of matrix products in the form that Dense wants: weights [outputs, inputs]. */
final class DenseOperands {
  private DenseOperands() {}

  /** A matrix [inputs, outputs] as weights; data that is constant is transposed at import. */
  static Value transposed(NodeContext node, Operand matrix, String name) {
    return ConstantForms.transposed(matrix, List.of(1, 0))
        .map(constant -> node.materialize(constant, name))
        .orElseGet(() -> node.transposed(node.materialize(matrix, name), 1, 0));
  }

  /** A constant with leading unit axes as a matrix. */
  static Operand matrix(Operand operand) {
    Shape shape = operand.shape();
    if (shape.rank() == 2) {
      return operand;
    }
    boolean unit =
        shape.rank() > 2 && shape.elements() == shape.dimension(-1) * shape.dimension(-2);
    Shape wanted =
        shape.rank() == 1
            ? Shape.of(shape.dimension(0), 1)
            : unit ? Shape.of(shape.dimension(-2), shape.dimension(-1)) : null;
    if (wanted == null) {
      throw new Refusal(
          "constant operand of shape " + shape + " is a batch of matrices",
          "one matrix [inputs, outputs] is supported");
    }
    return ConstantForms.reshaped(operand, wanted)
        .orElseThrow(
            () ->
                new Refusal(
                    "operand of shape " + shape + " cannot be read as a matrix",
                    "store it with rank 2"));
  }
}
