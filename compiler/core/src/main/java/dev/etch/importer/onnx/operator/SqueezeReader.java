// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.importer.Refusal;
import dev.etch.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Squeeze: drops axes of extent 1. */
final class SqueezeReader implements OperatorReader {
  @Override
  public Signature signature() {
    return Signature.of(1, 2, "axes");
  }

  @Override
  public String notes() {
    return "constant axes";
  }

  @Override
  public void read(NodeContext node) {
    Shape shape = node.shape(0);
    Optional<TreeSet<Integer>> axes = AxesOperand.read(node, shape.rank());
    List<Integer> extents = new ArrayList<>();
    for (int axis = 0; axis < shape.rank(); axis++) {
      boolean one = shape.dimension(axis) == 1;
      boolean drop = axes.isEmpty() ? one : axes.get().contains(axis);
      if (drop && !one) {
        throw new Refusal("cannot squeeze axis " + axis + " of " + shape, "its extent is not 1");
      }
      if (!drop) {
        extents.add(shape.dimension(axis));
      }
    }
    Reshaping.result(node, new Shape(extents));
  }
}
