// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.importer.Refusal;
import dev.etch.importer.onnx.data.Operand;
import dev.etch.op.Add;
import dev.etch.tensor.DenseWeights;
import dev.etch.tensor.Tensor;

/** Sub: a sum with a constant that has the other sign, which is exact in floating point. */
final class SubReader implements OperatorReader {
  @Override
  public Signature signature() {
    return Signature.of(2, 2);
  }

  @Override
  public String notes() {
    return "minus a float32 constant; int64 shape arithmetic is folded";
  }

  @Override
  public void read(NodeContext node) {
    if (LongArithmetic.fold(node, Math::subtractExact)) {
      return;
    }
    if (!node.isConstant(1)) {
      throw new Refusal(
          "subtracts a value that is computed from the model's input",
          "negate the weights that make it and use Add");
    }
    Tensor constant = node.floats(1, "the constant");
    Operand negated =
        ConstantForms.scaled(new Operand.Constant(new DenseWeights(constant)), -1, "");
    node.emitResult(new Add(), node.value(0), node.materialize(negated, node.inputName(1)));
  }
}
