// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.importer.Dimensions;
import dev.etch.importer.Refusal;
import dev.etch.op.Reshape;
import dev.etch.tensor.Shape;
import java.util.List;

/** Gives the first operand under another shape. */
final class Reshaping {
  private Reshaping() {}

  /** The result; constants are reshaped at import. */
  static void result(NodeContext node, Shape shape) {
    if (shape.elements() != node.shape(0).elements()) {
      throw new Refusal(
          "cannot reshape " + node.shape(0) + " to " + shape,
          "if the batch size was fixed at export, fix it to 1");
    }
    ConstantForms.reshaped(node.operand(0), shape)
        .ifPresentOrElse(
            node::result, () -> node.emitResult(new Reshape(shape.dimensions()), node.value(0)));
  }

  /** A checked shape of 64-bit extents. */
  static Shape checked(List<Long> extents) {
    return Dimensions.shape(extents);
  }
}
