// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.graph.Value;
import dev.etch.importer.onnx.data.Operand;
import dev.etch.op.Add;
import dev.etch.op.Dense;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.Shape;
import java.util.Arrays;

/** Gemm: {@code alpha * A' * B' + beta * C} of opsets 7 to 13. */
final class GemmReader implements OperatorReader {
  @Override
  public Signature signature() {
    return Signature.of(2, 3, "alpha", "beta", "transA", "transB");
  }

  @Override
  public String notes() {
    return "alpha and beta other than 1 on constants, on quantized ones only powers of two";
  }

  @Override
  public void read(NodeContext node) {
    node.checkRank(0, "A", 2);
    node.checkRank(1, "B", 2);
    Attributes attributes = node.attributes();
    Value x = node.value(0);
    if (attributes.flag("transA", false)) {
      x = node.transposed(x, 1, 0);
    }
    Value weights = weights(node, attributes.flag("transB", false), attributes.number("alpha", 1));
    float beta = attributes.number("beta", 1);
    if (!node.has(2) || beta == 0) {
      node.emitResult(new Dense(), x, weights);
      return;
    }
    Operand bias = ConstantForms.scaled(node.operand(2), beta, "beta");
    addBias(node, x, weights, bias);
  }

  private static Value weights(NodeContext node, boolean transposed, float alpha) {
    Operand operand = ConstantForms.scaled(node.operand(1), alpha, "alpha");
    if (transposed) {
      return operand == node.operand(1)
          ? node.value(1)
          : node.materialize(operand, node.inputName(1));
    }
    return DenseOperands.transposed(node, operand, node.inputName(1));
  }

  /** A bias per output is part of Dense; one that differs from row to row is a sum after it. */
  private static void addBias(NodeContext node, Value x, Value weights, Operand bias) {
    if (FloatBias.wanted(node.operand(1))) {
      FloatBias.result(node, node.emit(new Dense(), x, weights), bias, -1);
      return;
    }
    int outputs = weights.type().shape().dimension(0);
    Shape shape = bias.shape();
    if (shape.equals(Shape.of(outputs)) && bias == node.operand(2)) {
      node.emitResult(new Dense(), x, weights, node.value(2));
    } else if (shape.elements() == outputs && shape.rank() > 0 && shape.dimension(-1) == outputs) {
      Value vector =
          ConstantForms.reshaped(bias, Shape.of(outputs))
              .map(constant -> node.materialize(constant, node.inputName(2)))
              .orElseGet(() -> node.reshaped(node.value(2), Shape.of(outputs)));
      node.emitResult(new Dense(), x, weights, vector);
    } else if (shape.elements() == 1
        && bias instanceof Operand.Constant constant
        && constant.weights().decode() instanceof FloatTensor number) {
      float[] data = new float[outputs];
      Arrays.fill(data, number.data()[0]);
      Value vector = node.constant("bias", FloatTensor.of(Shape.of(outputs), data));
      node.emitResult(new Dense(), x, weights, vector);
    } else {
      Value sum = node.emit(new Dense(), x, weights);
      Value addend =
          bias == node.operand(2) ? node.value(2) : node.materialize(bias, node.inputName(2));
      node.emitResult(new Add(), sum, addend);
    }
  }
}
