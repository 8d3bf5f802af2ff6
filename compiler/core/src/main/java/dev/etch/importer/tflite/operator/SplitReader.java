// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.importer.Refusal;
import dev.etch.op.Slice;
import dev.etch.tensor.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** SPLIT into equal parts along a constant axis: a slice for each result. */
final class SplitReader implements OperatorReader {
  private static final int AXIS = 0;
  private static final int INPUT = 1;

  @Override
  public String notes() {
    return "equal parts, constant axis";
  }

  @Override
  public void read(OperatorContext node) {
    node.operands(2, 2);
    Quantizations.requireEqual(node, INPUT);
    Shape input = node.operand(INPUT).shape();
    List<Integer> axes = node.numbers(AXIS);
    int axis = axes.size() != 1 ? -1 : axes.get(0) < 0 ? axes.get(0) + input.rank() : axes.get(0);
    int parts = node.resultCount();
    if (axis < 0 || axis >= input.rank() || input.dimension(axis) % parts != 0) {
      throw new Refusal("%s into %d parts along axes %s".formatted(input, parts, axes), "");
    }
    List<Integer> extents = new ArrayList<>(input.dimensions());
    extents.set(axis, input.dimension(axis) / parts);
    for (int part = 0; part < parts; part++) {
      List<Integer> starts = new ArrayList<>(Collections.nCopies(input.rank(), 0));
      starts.set(axis, part * extents.get(axis));
      node.finish(
          part,
          new Slice(starts, Collections.nCopies(input.rank(), 1), extents),
          node.value(INPUT));
    }
  }
}
