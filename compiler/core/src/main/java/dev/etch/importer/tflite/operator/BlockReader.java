// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.graph.Value;
import dev.etch.importer.Refusal;
import dev.etch.op.Reshape;
import dev.etch.op.Transpose;
import dev.etch.tensor.Shape;
import java.util.List;

/**
 * DEPTH_TO_SPACE and SPACE_TO_DEPTH: Reshape, Transpose, Reshape, where the place in a square is
 * the leading part of the channel's number.
 */
final class BlockReader implements OperatorReader {
  private static final int BLOCK_SIZE = 0;

  /** Rows and rows within a square next to each other, or apart: the permutation is its inverse. */
  private static final List<Integer> PERMUTATION = List.of(0, 1, 3, 2, 4, 5);

  private final boolean toSpace;

  BlockReader(boolean toSpace) {
    this.toSpace = toSpace;
  }

  @Override
  public String notes() {
    return "";
  }

  @Override
  public void read(OperatorContext node) {
    node.operands(1, 1);
    Quantizations.requireEqual(node, 0);
    int size = node.options().int32(BLOCK_SIZE, 0);
    Shape fine = (toSpace ? node.result(0) : node.operand(0)).shape();
    Shape coarse = (toSpace ? node.operand(0) : node.result(0)).shape();
    if (size < 1 || fine.rank() != 4 || !coarse.equals(coarse(fine, size))) {
      throw new Refusal(
          "blocks of %d between %s and %s".formatted(size, coarse, fine), "convert it again");
    }
    int rows = coarse.dimension(1);
    int columns = coarse.dimension(2);
    int batch = fine.dimension(0);
    int channels = fine.dimension(3);
    List<Integer> parts =
        toSpace
            ? List.of(batch, rows, columns, size, size, channels)
            : List.of(batch, rows, size, columns, size, channels);
    Value split = node.emit("split", new Reshape(parts), node.value(0));
    Value moved = node.emit("moved", new Transpose(PERMUTATION), split);
    node.finish(new Reshape(node.result(0).shape().dimensions()), moved);
  }

  private static Shape coarse(Shape fine, int size) {
    return Shape.of(
        fine.dimension(0),
        fine.dimension(1) / size,
        fine.dimension(2) / size,
        Math.multiplyExact(fine.dimension(3), Math.multiplyExact(size, size)));
  }
}
