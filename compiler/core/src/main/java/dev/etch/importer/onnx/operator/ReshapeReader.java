// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.importer.Refusal;
import dev.etch.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** Reshape to a constant shape; 0 copies an extent unless allowzero, one -1 is computed. */
final class ReshapeReader implements OperatorReader {
  @Override
  public Signature signature() {
    return Signature.of(2, 2, "allowzero");
  }

  @Override
  public String notes() {
    return "constant shape, with 0, -1 and allowzero";
  }

  @Override
  public void read(NodeContext node) {
    List<Long> wanted = node.longs(1, "the shape");
    boolean allowZero = node.attributes().flag("allowzero", false);
    Shape from = node.shape(0);
    List<Long> extents = new ArrayList<>();
    int computed = -1;
    for (int axis = 0; axis < wanted.size(); axis++) {
      long extent = wanted.get(axis);
      if (extent == 0 && !allowZero) {
        if (axis >= from.rank()) {
          throw new Refusal("shape " + wanted + " copies axis " + axis + " of " + from, "");
        }
        extent = from.dimension(axis);
      } else if (extent == -1) {
        if (computed >= 0) {
          throw new Refusal("shape " + wanted + " has more than one -1", "");
        }
        computed = axis;
        extent = 1;
      }
      extents.add(extent);
    }
    Shape shape = Reshaping.checked(extents);
    if (computed >= 0) {
      if (shape.elements() == 0 || from.elements() % shape.elements() != 0) {
        throw new Refusal("cannot reshape " + from + " to " + wanted, "");
      }
      extents.set(computed, (long) from.elements() / shape.elements());
    }
    Reshaping.result(node, Reshaping.checked(extents));
  }
}
