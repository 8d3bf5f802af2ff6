// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.importer.Refusal;
import dev.etch.importer.onnx.data.Operand;
import dev.etch.op.Slice;
import dev.etch.tensor.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;

/** Slice of tensors; of constant int64 vectors it is shape arithmetic. */
final class SliceReader implements OperatorReader {
  private static final int BOUNDS_ARE_OPERANDS = 10;

  @Override
  public Signature signature() {
    return Signature.of(1, 5, "starts", "ends", "axes");
  }

  @Override
  public String notes() {
    return "constant bounds, any axes and steps; of constant int64 vectors it folds away";
  }

  @Override
  public void read(NodeContext node) {
    Slice slice = slice(node, node.shape(0));
    if (node.operand(0) instanceof Operand.Longs longs && longs.shape().rank() == 1) {
      long[] data =
          LongStream.range(0, slice.extents().get(0))
              .map(i -> longs.data()[(int) (slice.starts().get(0) + i * slice.steps().get(0))])
              .toArray();
      node.result(new Operand.Longs(Shape.of(data.length), data));
      return;
    }
    if (slice.extents().contains(0)) {
      throw new Refusal("a slice of " + node.shape(0) + " is empty", "check starts and ends");
    }
    node.emitResult(slice, node.value(0));
  }

  private static Slice slice(NodeContext node, Shape shape) {
    List<Long> begins = bounds(node, 1, "starts");
    List<Long> ends = bounds(node, 2, "ends");
    List<Long> axes =
        node.has(3)
            ? node.longs(3, "axes")
            : node.attributes()
                .longs("axes")
                .orElseGet(() -> LongStream.range(0, begins.size()).boxed().toList());
    List<Long> strides =
        node.has(4) ? node.longs(4, "steps") : Collections.nCopies(begins.size(), 1L);
    if (ends.size() != begins.size()
        || axes.size() != begins.size()
        || strides.size() != begins.size()) {
      throw new Refusal("starts, ends, axes and steps differ in length", "");
    }
    List<Integer> starts = new ArrayList<>(Collections.nCopies(shape.rank(), 0));
    List<Integer> steps = new ArrayList<>(Collections.nCopies(shape.rank(), 1));
    List<Integer> extents = new ArrayList<>(shape.dimensions());
    Set<Integer> seen = new HashSet<>();
    for (int i = 0; i < begins.size(); i++) {
      int axis = NodeContext.axis(axes.get(i), shape.rank());
      if (!seen.add(axis) || strides.get(i) == 0) {
        throw new Refusal("axes " + axes + " with steps " + strides, "each axis once, no step 0");
      }
      int extent = shape.dimension(axis);
      // Limits keep the sums below from overflowing; nothing lies beyond them.
      long step = Math.max(-extent - 1, Math.min(extent + 1, strides.get(i)));
      long last = step > 0 ? extent : extent - 1;
      long first = step > 0 ? 0 : -1;
      long start = Math.max(0, clamped(begins.get(i), extent, first, last));
      long end = clamped(ends.get(i), extent, first, last);
      long count = step > 0 ? (end - start + step - 1) / step : (start - end - step - 1) / -step;
      starts.set(axis, (int) start);
      steps.set(axis, (int) step);
      extents.set(axis, (int) Math.max(0, count));
    }
    return new Slice(starts, steps, extents);
  }

  private static List<Long> bounds(NodeContext node, int input, String name) {
    if (node.operatorSet() >= BOUNDS_ARE_OPERANDS) {
      if (!node.has(input)) {
        throw new Refusal("operand '" + name + "' is missing", "");
      }
      return node.longs(input, name);
    }
    return node.attributes()
        .longs(name)
        .orElseThrow(() -> new Refusal("attribute '" + name + "' is missing", ""));
  }

  /** A bound, which may count from the end, kept in {@code [first, last]}. */
  private static long clamped(long index, int extent, long first, long last) {
    return Math.max(first, Math.min(last, index < 0 ? index + extent : index));
  }
}
