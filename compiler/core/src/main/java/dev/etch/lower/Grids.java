// SPDX-License-Identifier: Apache-2.0
package dev.etch.lower;

import dev.etch.lower.Selection.Grid;
import dev.etch.op.Layout;
import dev.etch.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** Ways to see two shapes as rows, columns and channels, for {@link Selection}. */
final class Grids {
  private Grids() {}

  /** Grids of a result of one shape that is made of an operand of another, most rows first. */
  static List<Grid> of(Shape operand, Shape result) {
    List<Grid> grids = new ArrayList<>();
    if (operand.rank() == 4 && result.rank() == 4) {
      for (Layout layout : Layout.values()) {
        grids.add(
            new Grid(
                operand.dimension(layout.heightAxis()),
                result.dimension(layout.heightAxis()),
                result.dimension(layout.widthAxis()),
                result.dimension(layout.channelAxis())));
        grids.add(
            new Grid(
                1,
                1,
                result.dimension(layout.heightAxis()) * result.dimension(layout.widthAxis()),
                result.dimension(layout.channelAxis())));
      }
    }
    if (operand.rank() == result.rank()) {
      for (int split = result.rank() - 1; split > 0; split--) {
        grids.add(
            new Grid(
                product(operand, 0, split),
                product(result, 0, split),
                1,
                product(result, split, result.rank())));
      }
    }
    int last = result.rank() == 0 ? 1 : result.dimension(-1);
    grids.add(new Grid(1, 1, result.elements() / last, last));
    return grids;
  }

  private static int product(Shape shape, int from, int to) {
    return shape.dimensions().subList(from, to).stream().reduce(1, Math::multiplyExact);
  }
}
