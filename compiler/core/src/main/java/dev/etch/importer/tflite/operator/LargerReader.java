// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.graph.Value;
import dev.etch.importer.Refusal;
import dev.etch.op.Concat;
import dev.etch.op.Extremum;
import dev.etch.op.Lookup;
import dev.etch.op.Op;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import java.util.List;

/**
 * MAXIMUM and MINIMUM of two tensors of one shape, or of a tensor and a constant number. Two
 * tensors are joined element by element, and the larger of each pair is a pool's result; the
 * smaller of two is the larger of their complements, {@code -1 - x}, complemented.
 */
final class LargerReader implements OperatorReader {
  private final boolean isMinimum;

  LargerReader(boolean isMinimum) {
    this.isMinimum = isMinimum;
  }

  @Override
  public String notes() {
    return "two tensors of one shape, or a tensor and a constant number; all quantized alike";
  }

  @Override
  public void read(OperatorContext node) {
    node.operands(2, 2);
    Quantizations.requireEqual(node, 0);
    Quantizations.requireEqual(node, 1);
    IntegerType type = node.operand(0).perTensor().type();
    if (node.isConstant(0) || node.isConstant(1)) {
      clamp(node, type, node.isConstant(0) ? 0 : 1);
      return;
    }
    Shape shape = node.operand(0).shape();
    if (!node.operand(1).shape().equals(shape)) {
      throw new Refusal(
          "operands of shapes %s and %s".formatted(shape, node.operand(1).shape()),
          "give both one shape");
    }
    Extremum larger = new Extremum(isMinimum);
    Value joined =
        node.emit(
            "pairs",
            new Concat(1),
            chain(node, node.value(0), larger.ofOperand(type, shape)),
            chain(node, node.value(1), larger.ofOperand(type, shape)));
    List<Op> rest = larger.ofPairs(type, shape);
    Value pairs = chain(node, joined, rest.subList(0, rest.size() - 1));
    node.finish(rest.get(rest.size() - 1), pairs);
  }

  private static Value chain(OperatorContext node, Value from, List<Op> operators) {
    Value value = from;
    for (Op operator : operators) {
      value = node.emit("larger", operator, value);
    }
    return value;
  }

  private void clamp(OperatorContext node, IntegerType type, int constant) {
    int[] data = node.constant(constant).data();
    if (data.length != 1 || !node.result(0).shape().equals(node.operand(1 - constant).shape())) {
      throw new Refusal(
          "a constant of shape " + node.operand(constant).shape(), "give a single number");
    }
    Lookup table =
        Lookup.of(type, type, x -> isMinimum ? Math.min(x, data[0]) : Math.max(x, data[0]));
    node.finish(table, node.value(1 - constant));
  }
}
