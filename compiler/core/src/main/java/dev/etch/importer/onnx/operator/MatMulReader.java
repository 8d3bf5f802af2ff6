// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.graph.Value;
import dev.etch.importer.Refusal;
import dev.etch.op.Dense;
import dev.etch.op.Reshape;
import dev.etch.op.Transpose;
import dev.etch.tensor.Shape;
import java.util.List;

/** MatMul with one constant operand of rank 1 or 2. */
final class MatMulReader implements OperatorReader {
  @Override
  public Signature signature() {
    return Signature.of(2, 2);
  }

  @Override
  public String notes() {
    return "one operand constant";
  }

  @Override
  public void read(NodeContext node) {
    if (node.isConstant(1)) {
      timesConstant(node);
    } else if (node.isConstant(0)) {
      constantTimes(node);
    } else {
      throw new Refusal(
          "both operands are computed from the model's input",
          "products of two activations (attention) are not supported; one operand must be constant");
    }
  }

  private static void timesConstant(NodeContext node) {
    Value weights =
        DenseOperands.transposed(node, DenseOperands.matrix(node.operand(1)), node.inputName(1));
    Value x = node.value(0);
    if (node.shape(1).rank() > 1) {
      checkBatch(node.shape(0), node.shape(1));
      node.emitResult(new Dense(), x, weights);
      return;
    }
    Shape shape = node.shape(0);
    Value column = node.emit(new Dense(), x, weights);
    node.emitResult(new Reshape(shape.dimensions().subList(0, shape.rank() - 1)), column);
  }

  static void checkBatch(Shape x, Shape weights) {
    if (weights.rank() > Math.max(2, x.rank())) {
      throw new Refusal(
          "constant operand of shape " + weights + " adds axes to the result",
          "store it as a matrix [inputs, outputs]");
    }
  }

  /** {@code A * X = transpose(transpose(X) * transpose(A))}: A itself has the form of weights. */
  private static void constantTimes(NodeContext node) {
    node.checkRank(0, "constant left operand", 2);
    node.checkRank(1, "right operand of a constant", 2);
    Value x = node.transposed(node.value(1), 1, 0);
    Value product = node.emit(new Dense(), x, node.value(0));
    node.emitResult(new Transpose(List.of(1, 0)), product);
  }
}
