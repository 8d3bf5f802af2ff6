// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.importer.Refusal;
import dev.etch.op.Slice;
import dev.etch.tensor.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Split: a Slice for each result. */
final class SplitReader implements OperatorReader {
  private static final int EXTENTS_ARE_OPERANDS = 13;

  @Override
  public Signature signature() {
    return Signature.of(1, 2, "axis", "split", "num_outputs");
  }

  @Override
  public String notes() {
    return "constant extents";
  }

  @Override
  public void read(NodeContext node) {
    Shape shape = node.shape(0);
    int axis = NodeContext.axis(node.attributes().integer("axis", 0), shape.rank());
    List<Long> parts = parts(node, shape.dimension(axis));
    long at = 0;
    for (int i = 0; i < parts.size(); i++) {
      List<Integer> starts = new ArrayList<>(Collections.nCopies(shape.rank(), 0));
      List<Integer> extents = new ArrayList<>(shape.dimensions());
      starts.set(axis, (int) at);
      extents.set(axis, (int) (long) parts.get(i));
      at += parts.get(i);
      if (node.hasResult(i)) {
        Slice slice = new Slice(starts, Collections.nCopies(shape.rank(), 1), extents);
        node.emitResult(i, slice, node.value(0));
      }
    }
  }

  /** Extents of the results, which fill the axis. */
  private static List<Long> parts(NodeContext node, int extent) {
    boolean operands = node.operatorSet() >= EXTENTS_ARE_OPERANDS;
    List<Long> parts =
        operands && node.has(1)
            ? node.longs(1, "split")
            : node.attributes().longs("split").orElseGet(() -> equal(node, extent));
    boolean inside = parts.stream().allMatch(part -> part > 0 && part <= extent);
    long sum = inside ? parts.stream().mapToLong(part -> part).sum() : -1;
    if (parts.size() != node.results() || sum != extent) {
      throw new Refusal(
          "splits " + extent + " elements into " + parts + " for " + node.results() + " results",
          "parts of at least one element that fill the axis, one for each result");
    }
    return parts;
  }

  /** Equal parts; the last one may be smaller. */
  private static List<Long> equal(NodeContext node, int extent) {
    int results = node.attributes().integer("num_outputs", node.results());
    if (results != node.results()) {
      throw new Refusal("num_outputs is " + results + " for " + node.results() + " results", "");
    }
    long part = (extent + results - 1L) / results;
    List<Long> parts = new ArrayList<>(Collections.nCopies(results - 1, part));
    parts.add(extent - part * (results - 1));
    return parts;
  }
}
