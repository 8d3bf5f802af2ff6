// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.graph.Value;
import dev.etch.importer.Refusal;
import dev.etch.importer.onnx.data.Operand;
import dev.etch.op.Concat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Concat of values, or of constant shapes. */
final class ConcatReader implements OperatorReader {
  /** A chain of nodes that each double a vector must not use up the memory. */
  private static final int LONGEST_SHAPE = 1 << 16;

  @Override
  public Signature signature() {
    return Signature.of(1, Integer.MAX_VALUE, "axis");
  }

  @Override
  public String notes() {
    return "int64 shape arithmetic is folded";
  }

  @Override
  public void read(NodeContext node) {
    if (!node.attributes().has("axis")) {
      throw new Refusal("attribute 'axis' is missing", "");
    }
    int axis = NodeContext.axis(node.attributes().integer("axis", 0), node.shape(0).rank());
    if (!foldedVectors(node)) {
      Value[] operands = new Value[node.inputs()];
      Arrays.setAll(operands, node::value);
      node.emitResult(new Concat(axis), operands);
    }
  }

  private static boolean foldedVectors(NodeContext node) {
    List<Long> all = new ArrayList<>();
    for (int i = 0; i < node.inputs(); i++) {
      if (!(node.operand(i) instanceof Operand.Longs longs) || longs.shape().rank() != 1) {
        return false;
      }
      Arrays.stream(longs.data()).forEach(all::add);
      if (all.size() > LONGEST_SHAPE) {
        throw new Refusal("shape arithmetic on more than " + LONGEST_SHAPE + " numbers", "");
      }
    }
    node.result(Operand.Longs.vector(all));
    return true;
  }
}
