// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.graph.Value;
import dev.etch.importer.Refusal;
import dev.etch.op.Layout;
import dev.etch.op.Op;
import dev.etch.op.Reshape;
import dev.etch.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** A reduction over all rows and columns: of ReduceMean and ReduceMax. */
final class SpatialReduction {
  private static final int AXES_ARE_OPERANDS = 18;

  /** Attributes and operands of both operators. */
  static final Signature SIGNATURE = Signature.of(1, 2, "axes", "keepdims", "noop_with_empty_axes");

  private SpatialReduction() {}

  /** Makes the operator that reduces maps to a single row and column. */
  @FunctionalInterface
  interface Reducer {
    Op of(Layout layout, int rows, int columns);
  }

  /** Adds the nodes of the result; {@code what} names the reduction in messages. */
  static void read(NodeContext node, String what, Reducer reducer) {
    Spatial.extents(node, 0);
    Shape shape = node.shape(0);
    Set<Integer> axes =
        AxesOperand.read(node, shape.rank(), AXES_ARE_OPERANDS)
            .<Set<Integer>>map(given -> given)
            .orElse(Set.of());
    boolean last = shape.rank() == 4 && axes.equals(Set.of(1, 2));
    if (!last && !axes.equals(shape.rank() == 4 ? Set.of(2, 3) : Set.of(2))) {
      throw new Refusal(
          what + " over axes " + axes + " of " + shape,
          "the " + what + " over the rows and columns of maps is supported");
    }
    Layout layout = last ? Layout.NHWC : Layout.NCHW;
    Shape maps = Spatial.lifted(shape);
    Op op =
        reducer.of(layout, maps.dimension(layout.heightAxis()), maps.dimension(layout.widthAxis()));
    Value reduced = node.emit(op, Spatial.lifted(node, 0));
    node.emitResult(new Reshape(extents(node, shape, axes)), reduced);
  }

  private static List<Integer> extents(NodeContext node, Shape shape, Set<Integer> axes) {
    boolean keep = node.attributes().flag("keepdims", true);
    List<Integer> extents = new ArrayList<>();
    for (int axis = 0; axis < shape.rank(); axis++) {
      if (!axes.contains(axis)) {
        extents.add(shape.dimension(axis));
      } else if (keep) {
        extents.add(1);
      }
    }
    return extents;
  }
}
