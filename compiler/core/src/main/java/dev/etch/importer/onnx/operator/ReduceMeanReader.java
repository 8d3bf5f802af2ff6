// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.graph.Value;
import dev.etch.importer.Refusal;
import dev.etch.op.Layout;
import dev.etch.op.ReduceMean2d;
import dev.etch.op.Reshape;
import dev.etch.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** ReduceMean over all rows and columns. */
final class ReduceMeanReader implements OperatorReader {
  private static final int AXES_ARE_OPERANDS = 18;

  @Override
  public Signature signature() {
    return Signature.of(1, 2, "axes", "keepdims", "noop_with_empty_axes");
  }

  @Override
  public String notes() {
    return "over the spatial axes of 1-D (channels first) and 2-D maps";
  }

  @Override
  public void read(NodeContext node) {
    Spatial.extents(node, 0);
    Shape shape = node.shape(0);
    Set<Integer> axes =
        AxesOperand.read(node, shape.rank(), AXES_ARE_OPERANDS)
            .<Set<Integer>>map(given -> given)
            .orElse(Set.of());
    boolean last = shape.rank() == 4 && axes.equals(Set.of(1, 2));
    if (!last && !axes.equals(shape.rank() == 4 ? Set.of(2, 3) : Set.of(2))) {
      throw new Refusal(
          "mean over axes " + axes + " of " + shape, "average over the rows and columns of maps");
    }
    Value mean =
        node.emit(new ReduceMean2d(last ? Layout.NHWC : Layout.NCHW), Spatial.lifted(node, 0));
    boolean keep = node.attributes().flag("keepdims", true);
    List<Integer> extents = new ArrayList<>();
    for (int axis = 0; axis < shape.rank(); axis++) {
      if (!axes.contains(axis)) {
        extents.add(shape.dimension(axis));
      } else if (keep) {
        extents.add(1);
      }
    }
    node.emitResult(new Reshape(extents), mean);
  }
}
