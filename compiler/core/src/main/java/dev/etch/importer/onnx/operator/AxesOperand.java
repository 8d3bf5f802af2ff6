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

  /** The axes, if given, counted from the front of a tensor of {@code rank}, ascending. */
  static Optional<TreeSet<Integer>> read(NodeContext node, int rank) {
    boolean operand = node.operatorSet() >= AXES_ARE_OPERANDS;
    if (operand ? node.attributes().has("axes") : node.has(1)) {
      throw new Refusal(
          "'axes' is in the wrong place for opset " + node.operatorSet(),
          "an attribute up to opset 12, an operand from 13 on");
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
