// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.graph.Value;
import dev.etch.importer.Refusal;
import dev.etch.op.Reshape;
import dev.etch.op.Transpose;
import dev.etch.tensor.Shape;
import java.util.List;

/** What DepthToSpace and SpaceToDepth share: squares of places that become channels, or back. */
final class BlockSize {
  private BlockSize() {}

  /** The edge of the squares of a node on maps [batch, channels, rows, columns]. */
  static int of(NodeContext node) {
    int size = node.attributes().integer("blocksize", 0);
    if (node.shape(0).rank() != 4 || size < 1) {
      throw new Refusal(
          "blocks of " + size + " in " + node.shape(0),
          "[batch, channels, rows, columns] and a blocksize of at least 1 are wanted");
    }
    return size;
  }

  /** Extent {@code axis} of the operand, divided by what must divide it. */
  static int quotient(NodeContext node, int axis, int divisor) {
    Shape shape = node.shape(0);
    if (shape.dimension(axis) % divisor != 0) {
      throw new Refusal(
          "axis " + axis + " of " + shape + " is no multiple of " + divisor,
          "check the model's blocksize");
    }
    return shape.dimension(axis) / divisor;
  }

  /** Reshapes to {@code parts}, permutes, and gives the result its shape. */
  static void result(
      NodeContext node, List<Integer> parts, List<Integer> permutation, Shape result) {
    Value split = node.reshaped(node.value(0), new Shape(parts));
    node.emitResult(new Reshape(result.dimensions()), node.emit(new Transpose(permutation), split));
  }
}
