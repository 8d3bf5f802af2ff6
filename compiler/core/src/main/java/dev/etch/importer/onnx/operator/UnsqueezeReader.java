// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.importer.Refusal;
import dev.etch.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Unsqueeze: inserts axes of extent 1. */
final class UnsqueezeReader implements OperatorReader {
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
    int rank = shape.rank() + count(node);
    TreeSet<Integer> axes =
        AxesOperand.read(node, rank).orElseThrow(() -> new Refusal("'axes' is missing", ""));
    List<Long> extents = new ArrayList<>();
    int next = 0;
    for (int axis = 0; axis < rank; axis++) {
      extents.add(axes.contains(axis) ? 1L : (long) shape.dimension(next++));
    }
    Reshaping.result(node, Reshaping.checked(extents));
  }

  private static int count(NodeContext node) {
    if (node.has(1)) {
      return node.longs(1, "operand 'axes'").size();
    }
    return node.attributes().longs("axes").map(List::size).orElse(0);
  }
}
