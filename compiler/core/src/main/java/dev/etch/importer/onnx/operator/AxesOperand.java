// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.importer.Refusal;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Axes of Squeeze and Unsqueeze: an attribute up to opset 12, an operand from 13 on. */
final class AxesOperand {
  private static final int AXES_ARE_OPERANDS = 13;

  private AxesOperand() {}

  /** As {@link #read(NodeContext, int, int)} of operators that changed with opset 13. */
  static Optional<TreeSet<Integer>> read(NodeContext node, int rank) {
    return read(node, rank, AXES_ARE_OPERANDS);
  }

  /**
   * The axes, if given, counted from the front of a tensor of {@code rank}, ascending: an attribute
   * before opset {@code firstWithOperand}, operand 1 from then on.
   */
  static Optional<TreeSet<Integer>> read(NodeContext node, int rank, int firstWithOperand) {
    boolean operand = node.operatorSet() >= firstWithOperand;
    if (operand ? node.attributes().has("axes") : node.has(1)) {
      throw new Refusal(
          "'axes' is in the wrong place for opset " + node.operatorSet(),
          "an attribute before opset " + firstWithOperand + ", an operand from then on");
    }
    Optional<List<Long>> axes =
        !operand
            ? node.attributes().longs("axes")
            : node.has(1) ? Optional.of(node.longs(1, "operand 'axes'")) : Optional.empty();
    return axes.map(list -> checked(list, rank));
  }

  private static TreeSet<Integer> checked(List<Long> axes, int rank) {
    TreeSet<Integer> result = new TreeSet<>();
    for (long axis : axes) {
      if (!result.add(NodeContext.axis(axis, rank))) {
        throw new Refusal("axes " + axes + " repeat one", "");
      }
    }
    return result;
  }
}
