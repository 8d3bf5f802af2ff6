// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.importer.Refusal;
import dev.etch.op.Slice;
import dev.etch.tensor.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** SLICE from a constant place on; a size of -1 takes all that is left. */
final class SliceReader implements OperatorReader {
  private static final int BEGIN = 1;
  private static final int SIZE = 2;

  @Override
  public String notes() {
    return "constant begin and size";
  }

  @Override
  public void read(OperatorContext node) {
    node.operands(3, 3);
    Quantizations.requireEqual(node, 0);
    Shape input = node.operand(0).shape();
    List<Integer> begin = node.numbers(BEGIN);
    List<Integer> size = node.numbers(SIZE);
    if (begin.size() != input.rank() || size.size() != input.rank()) {
      throw new Refusal(
          "%s from %s of %s".formatted(size, begin, input), "give begin and size of every axis");
    }
    List<Integer> extents = new ArrayList<>();
    for (int axis = 0; axis < input.rank(); axis++) {
      boolean rest = size.get(axis) == -1;
      extents.add(rest ? input.dimension(axis) - begin.get(axis) : size.get(axis));
    }
    node.finish(new Slice(begin, Collections.nCopies(input.rank(), 1), extents), node.value(0));
  }
}
