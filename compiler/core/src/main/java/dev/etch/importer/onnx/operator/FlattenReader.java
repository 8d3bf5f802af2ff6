// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.importer.Refusal;
import dev.etch.tensor.Shape;
import java.util.List;

/** Flatten to a matrix. */
final class FlattenReader implements OperatorReader {
  @Override
  public Signature signature() {
    return Signature.of(1, 1, "axis");
  }

  @Override
  public String notes() {
    return "";
  }

  @Override
  public void read(NodeContext node) {
    Shape shape = node.shape(0);
    int wanted = node.attributes().integer("axis", 1);
    int axis =
        wanted == shape.rank()
            ? wanted
            : shape.rank() == 0 ? wanted : NodeContext.axis(wanted, shape.rank());
    if (axis < 0 || axis > shape.rank()) {
      throw new Refusal("axis " + wanted + " for a tensor of rank " + shape.rank(), "");
    }
    long rows = 1;
    long columns = 1;
    for (int i = 0; i < shape.rank(); i++) {
      rows *= i < axis ? shape.dimension(i) : 1;
      columns *= i < axis ? 1 : shape.dimension(i);
    }
    Reshaping.result(node, Reshaping.checked(List.of(rows, columns)));
  }
}
