// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.importer.Refusal;
import dev.etch.importer.onnx.data.Operand;
import dev.etch.tensor.Shape;
import java.util.Arrays;
import java.util.List;

/** Slice of a constant vector of int64: shape arithmetic. */
final class SliceReader implements OperatorReader {
  private static final int BOUNDS_ARE_OPERANDS = 10;

  @Override
  public Signature signature() {
    return Signature.of(1, 5, "starts", "ends", "axes");
  }

  @Override
  public String notes() {
    return "of constant int64 vectors only; folds away";
  }

  @Override
  public void read(NodeContext node) {
    if (!(node.operand(0) instanceof Operand.Longs longs) || longs.shape().rank() != 1) {
      throw new Refusal(
          "slices a value of type " + node.operand(0).type(),
          "only constant int64 vectors (shape arithmetic) are supported");
    }
    long step = node.has(4) ? single(node.longs(4, "steps"), "steps") : 1;
    if (step != 1 || axis(node) != 0) {
      throw new Refusal("only axis 0 with step 1 is supported", "run onnx-simplifier");
    }
    int size = longs.data().length;
    int start = clamped(single(bounds(node, 1, "starts"), "starts"), size);
    int end = Math.max(start, clamped(single(bounds(node, 2, "ends"), "ends"), size));
    long[] data = Arrays.copyOfRange(longs.data(), start, end);
    node.result(new Operand.Longs(Shape.of(data.length), data));
  }

  private static int axis(NodeContext node) {
    List<Long> axes =
        node.has(3) ? node.longs(3, "axes") : node.attributes().longs("axes").orElse(List.of(0L));
    return NodeContext.axis(single(axes, "axes"), 1);
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

  private static long single(List<Long> list, String name) {
    if (list.size() != 1) {
      throw new Refusal(name + " has " + list.size() + " entries, not 1", "");
    }
    return list.get(0);
  }

  private static int clamped(long index, int size) {
    return (int) Math.max(0, Math.min(size, index < 0 ? index + size : index));
  }
}
