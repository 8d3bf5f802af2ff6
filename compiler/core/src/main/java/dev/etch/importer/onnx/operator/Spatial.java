// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.graph.Value;
import dev.etch.importer.Refusal;
import dev.etch.op.Op;
import dev.etch.op.Reshape;
import dev.etch.tensor.Shape;
import java.util.List;

/** Feature maps [batch, channels, columns] are read as [batch, channels, 1, columns]. */
final class Spatial {
  private Spatial() {}

  /** Extents of the spatial axes of an operand, one or two. */
  static List<Integer> extents(NodeContext node, int input) {
    Shape shape = node.shape(input);
    if (shape.rank() < 3 || shape.rank() > 4) {
      throw new Refusal(
          "operand of shape " + shape + " has " + (shape.rank() - 2) + " spatial axes",
          "one or two are supported: [batch, channels, rows, columns]");
    }
    return shape.dimensions().subList(2, shape.rank());
  }

  /** The shape with two spatial axes. */
  static Shape lifted(Shape shape) {
    return shape.rank() == 4
        ? shape
        : Shape.of(shape.dimension(0), shape.dimension(1), 1, shape.dimension(2));
  }

  /** An operand with two spatial axes; a constant is reshaped at import. */
  static Value lifted(NodeContext node, int input) {
    Shape shape = node.shape(input);
    if (shape.rank() == 4) {
      return node.value(input);
    }
    return ConstantForms.reshaped(node.operand(input), lifted(shape))
        .map(constant -> node.materialize(constant, node.inputName(input)))
        .orElseGet(() -> node.reshaped(node.value(input), lifted(shape)));
  }

  /** As {@link #result}, but on the way to the result. */
  static Value biasless(NodeContext node, Op op, Value... operands) {
    Value result = node.emit(op, operands);
    Shape shape = result.type().shape();
    return node.shape(0).rank() == 4
        ? result
        : node.reshaped(
            result, Shape.of(shape.dimension(0), shape.dimension(1), shape.dimension(3)));
  }

  /** Adds the node of the result, which has as many spatial axes as operand 0. */
  static void result(NodeContext node, Op op, Value... operands) {
    if (node.shape(0).rank() == 4) {
      node.emitResult(op, operands);
      return;
    }
    Value result = node.emit(op, operands);
    Shape shape = result.type().shape();
    node.emitResult(
        new Reshape(List.of(shape.dimension(0), shape.dimension(1), shape.dimension(3))), result);
  }
}
