// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.graph.Value;
import dev.etch.importer.Refusal;
import dev.etch.op.Reshape;
import dev.etch.op.Slice;
import dev.etch.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * STRIDED_SLICE with constant bounds, of all axes or the first ones, without new axes and ellipses;
 * axes that are dropped leave one position. TFLite {@code strided_slice_logic.h}.
 */
final class StridedSliceReader implements OperatorReader {
  private static final int BEGIN = 1;
  private static final int END = 2;
  private static final int STRIDES = 3;
  // Fields of StridedSliceOptions.
  private static final int BEGIN_MASK = 0;
  private static final int END_MASK = 1;
  private static final int ELLIPSIS_MASK = 2;
  private static final int NEW_AXIS_MASK = 3;
  private static final int SHRINK_AXIS_MASK = 4;
  private static final int OFFSET = 5;

  @Override
  public String notes() {
    return "constant bounds; begin, end and shrink masks; negative strides";
  }

  @Override
  public void read(OperatorContext node) {
    node.operands(4, 4);
    Quantizations.requireEqual(node, 0);
    Shape input = node.operand(0).shape();
    check(node, input.rank());
    List<Integer> starts = new ArrayList<>();
    List<Integer> extents = new ArrayList<>();
    for (int axis = 0; axis < input.rank(); axis++) {
      int start = start(node, axis, input.dimension(axis));
      starts.add(start);
      extents.add(extent(node, axis, input.dimension(axis), start));
    }
    List<Integer> steps =
        IntStream.range(0, input.rank()).map(axis -> step(node, axis)).boxed().toList();
    Slice slice = new Slice(starts, steps, extents);
    List<Integer> result = node.result(0).shape().dimensions();
    if (result.equals(extents)) {
      node.finish(slice, node.value(0));
    } else {
      Value part = node.emit("slice", slice, node.value(0));
      node.finish(new Reshape(result), part);
    }
  }

  private static void check(OperatorContext node, int rank) {
    boolean plain =
        node.options().int32(ELLIPSIS_MASK, 0) == 0
            && node.options().int32(NEW_AXIS_MASK, 0) == 0
            && !node.options().bool(OFFSET);
    int axes = node.numbers(BEGIN).size();
    boolean complete =
        axes <= rank && node.numbers(END).size() == axes && node.numbers(STRIDES).size() == axes;
    if (!plain || !complete || node.numbers(STRIDES).contains(0)) {
      throw new Refusal(
          "a slice with new axes, an ellipsis, relative ends, or unequal numbers of bounds",
          "give begin, end and stride of every axis");
    }
  }

  /** Axes behind the last bound are taken whole. */
  private static boolean isWhole(OperatorContext node, int axis) {
    return axis >= node.numbers(BEGIN).size();
  }

  private static int step(OperatorContext node, int axis) {
    return isWhole(node, axis) ? 1 : node.numbers(STRIDES).get(axis);
  }

  private static int start(OperatorContext node, int axis, int size) {
    boolean forward = step(node, axis) > 0;
    if (isWhole(node, axis)) {
      return 0;
    }
    if (isSet(node, BEGIN_MASK, axis)) {
      return forward ? 0 : size - 1;
    }
    return clamped(node.numbers(BEGIN).get(axis), size, forward);
  }

  private static int extent(OperatorContext node, int axis, int size, int start) {
    if (isWhole(node, axis)) {
      return size;
    }
    if (isSet(node, SHRINK_AXIS_MASK, axis)) {
      return 1;
    }
    int step = step(node, axis);
    boolean forward = step > 0;
    int stop =
        isSet(node, END_MASK, axis)
            ? (forward ? size : -1)
            : clamped(node.numbers(END).get(axis), size, forward);
    long distance = (long) stop - start;
    return (int) Math.max(0, (distance + step - Integer.signum(step)) / step);
  }

  private static int clamped(int index, int size, boolean forward) {
    long fromStart = index < 0 ? (long) index + size : index;
    return (int)
        (forward
            ? Math.max(0, Math.min(size, fromStart))
            : Math.max(-1, Math.min(size - 1, fromStart)));
  }

  private static boolean isSet(OperatorContext node, int mask, int axis) {
    return (node.options().int32(mask, 0) >> axis & 1) != 0;
  }
}
