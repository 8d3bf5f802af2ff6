// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.graph.Value;
import dev.etch.importer.Refusal;
import dev.etch.op.Clip;
import dev.etch.op.Extremum;
import java.util.ArrayList;
import java.util.List;

/** Max and Min of tensors of one shape and of constant numbers. */
final class ExtremumReader implements OperatorReader {
  private final boolean least;

  ExtremumReader(boolean least) {
    this.least = least;
  }

  @Override
  public Signature signature() {
    return new Signature(1, Integer.MAX_VALUE, List.of());
  }

  @Override
  public String notes() {
    return "float32; tensors of one shape, and constant numbers";
  }

  @Override
  public void read(NodeContext node) {
    List<Value> tensors = new ArrayList<>();
    float bound = least ? Float.POSITIVE_INFINITY : Float.NEGATIVE_INFINITY;
    for (int i = 0; i < node.inputs(); i++) {
      if (node.isConstant(i)) {
        float number = node.number(i, "a constant operand");
        bound = least ? Math.min(bound, number) : Math.max(bound, number);
      } else {
        tensors.add(node.value(i));
      }
    }
    if (tensors.isEmpty()) {
      throw new Refusal("all operands are constant", "let a constant-folding exporter fold it");
    }
    for (Value tensor : tensors) {
      if (!tensor.type().shape().equals(tensors.get(0).type().shape())) {
        throw new Refusal(
            "operands of shapes " + tensors.get(0).type().shape() + " and " + tensor.type().shape(),
            "give all one shape");
      }
    }
    if (Float.isInfinite(bound)) {
      finish(node, tensors);
    } else {
      Clip clip =
          least
              ? new Clip(Float.NEGATIVE_INFINITY, bound)
              : new Clip(bound, Float.POSITIVE_INFINITY);
      node.emitResult(clip, of(node, tensors));
    }
  }

  private void finish(NodeContext node, List<Value> tensors) {
    int last = tensors.size() - 1;
    if (last == 0) {
      node.result(tensors.get(0));
    } else {
      node.emitResult(new Extremum(least), of(node, tensors.subList(0, last)), tensors.get(last));
    }
  }

  private Value of(NodeContext node, List<Value> tensors) {
    Value result = tensors.get(0);
    for (Value tensor : tensors.subList(1, tensors.size())) {
      result = node.emit(new Extremum(least), result, tensor);
    }
    return result;
  }
}
