// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.importer.onnx.data.Operand;
import dev.etch.op.Add;
import dev.etch.op.Linear;
import dev.etch.op.requantization.RealStep;
import dev.etch.tensor.DenseWeights;
import dev.etch.tensor.Tensor;
import java.util.List;

/** Sub: a sum with the other sign, which is exact in floating point. */
final class SubReader implements OperatorReader {
  @Override
  public Signature signature() {
    return Signature.of(2, 2);
  }

  @Override
  public String notes() {
    return "int64 shape arithmetic is folded";
  }

  @Override
  public void read(NodeContext node) {
    if (LongArithmetic.fold(node, Math::subtractExact)) {
      return;
    }
    if (!node.isConstant(1)) {
      Linear negation = new Linear(List.of(new RealStep.Linear(1, -1, 0)), 0);
      node.emitResult(new Add(), node.value(0), node.emit(negation, node.value(1)));
      return;
    }
    Tensor constant = node.floats(1, "the constant");
    Operand negated =
        ConstantForms.scaled(new Operand.Constant(new DenseWeights(constant)), -1, "");
    node.emitResult(new Add(), node.value(0), node.materialize(negated, node.inputName(1)));
  }
}
