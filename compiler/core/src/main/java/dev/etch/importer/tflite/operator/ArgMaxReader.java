// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.importer.Refusal;
import dev.etch.op.ArgMax;
import dev.etch.tensor.IntegerType;
import java.util.List;

/** ARG_MAX along one axis; the first of equals. */
final class ArgMaxReader implements OperatorReader {
  private static final int AXIS = 1;

  @Override
  public String notes() {
    return "constant axis; int64 result";
  }

  @Override
  public void read(OperatorContext node) {
    node.operands(2, 2);
    List<Integer> axes = node.numbers(AXIS);
    int rank = node.operand(0).shape().rank();
    if (axes.size() != 1 || axes.get(0) < -rank || axes.get(0) >= rank) {
      throw new Refusal("axes " + axes + " of rank " + rank, "give one axis");
    }
    if (!node.result(0).type().element().equals(IntegerType.INT64)) {
      throw new Refusal(
          "a result of type " + node.result(0).type().element(), "give output_type int64");
    }
    int axis = axes.get(0) < 0 ? axes.get(0) + rank : axes.get(0);
    node.finish(new ArgMax(axis, false, false), node.value(0));
  }
}
