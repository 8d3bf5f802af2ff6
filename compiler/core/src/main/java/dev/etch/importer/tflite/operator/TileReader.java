// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.graph.Value;
import dev.etch.importer.Refusal;
import dev.etch.op.Layout;
import dev.etch.op.NearestResize2d;
import dev.etch.op.Reshape;
import dev.etch.tensor.Shape;
import java.util.List;
import java.util.stream.IntStream;

/**
 * TILE by constant numbers: along each axis a map whose columns are copied over and over, as a
 * nearest-neighbour resize does it. Keras enlarges maps so.
 */
final class TileReader implements OperatorReader {
  private static final int MULTIPLES = 1;
  private static final long MOST_COLUMNS = 1 << 16;
  private static final int MOST_ROWS = 1 << 20;

  @Override
  public String notes() {
    return "constant multiples";
  }

  @Override
  public void read(OperatorContext node) {
    node.operands(2, 2);
    Quantizations.requireEqual(node, 0);
    List<Integer> multiples = node.numbers(MULTIPLES);
    Shape shape = node.operand(0).shape();
    if (multiples.size() != shape.rank() || multiples.stream().anyMatch(m -> m < 1)) {
      throw new Refusal(
          "%s copies of %s".formatted(multiples, shape), "give a multiple of at least 1 an axis");
    }
    Value x = node.value(0);
    int[] extents = shape.toArray();
    for (int axis = 0; axis < extents.length; axis++) {
      if (multiples.get(axis) > 1) {
        x = tiled(node, x, extents, axis, multiples.get(axis));
        extents[axis] *= multiples.get(axis);
      }
    }
    node.finish(new Reshape(node.result(0).shape().dimensions()), x);
  }

  /** The operand as [1, axes before, axis, axes behind], with its columns copied. */
  private static Value tiled(OperatorContext node, Value x, int[] extents, int axis, int multiple) {
    int extent = extents[axis];
    if ((long) extent * multiple > MOST_COLUMNS) {
      throw new Refusal("%d copies of %d".formatted(multiple, extent), "tile less");
    }
    int before = product(extents, 0, axis);
    if (before > MOST_ROWS) {
      throw new Refusal("copies of " + before + " parts", "tile less, or along another axis");
    }
    List<Integer> maps = List.of(1, before, extent, product(extents, axis + 1, extents.length));
    List<Integer> rows = IntStream.range(0, before).boxed().toList();
    List<Integer> columns =
        IntStream.range(0, extent * multiple).map(column -> column % extent).boxed().toList();
    Value map = node.emit("axis" + axis, new Reshape(maps), x);
    return node.emit("tiled" + axis, new NearestResize2d(Layout.NHWC, rows, columns), map);
  }

  private static int product(int[] extents, int from, int to) {
    return IntStream.range(from, to).map(axis -> extents[axis]).reduce(1, Math::multiplyExact);
  }
}
