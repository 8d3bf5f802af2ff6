// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.importer.onnx.data.Operand;
import java.util.List;

/** Shape: folds to the known extents. */
final class ShapeReader implements OperatorReader {
  @Override
  public Signature signature() {
    return Signature.of(1, 1, "start", "end");
  }

  @Override
  public String notes() {
    return "folds away";
  }

  @Override
  public void read(NodeContext node) {
    List<Integer> extents = node.shape(0).dimensions();
    int rank = extents.size();
    int start = clamped(node.attributes().integer("start", 0), rank);
    int end = Math.max(start, clamped(node.attributes().integer("end", rank), rank));
    node.result(
        Operand.Longs.vector(
            extents.subList(start, end).stream().map(Integer::longValue).toList()));
  }

  private static int clamped(int axis, int rank) {
    return Math.max(0, Math.min(rank, axis < 0 ? axis + rank : axis));
  }
}
