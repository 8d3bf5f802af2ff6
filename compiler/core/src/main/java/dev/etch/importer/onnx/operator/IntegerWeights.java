// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.graph.Value;
import dev.etch.importer.Refusal;
import dev.etch.importer.onnx.data.Operand;
import dev.etch.importer.onnx.data.WeightForms;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import java.util.Arrays;
import java.util.List;

/** Integer weights without their zero point. */
final class IntegerWeights {
  private IntegerWeights() {}

  /**
   * The weights as a value of the graph, zero points subtracted.
   *
   * @param weights already in the order [outputs, ...]
   * @param zeroPoints one, or one an output
   */
  static Value centered(NodeContext node, Operand weights, int[] zeroPoints, String name) {
    if (!(weights.type().element() instanceof IntegerType)) {
      throw new Refusal("weights have type " + weights.type(), "integers wanted");
    }
    int outputs = weights.shape().dimension(0);
    if (zeroPoints.length != 1 && zeroPoints.length != outputs) {
      throw new Refusal(zeroPoints.length + " weight zero points for " + outputs + " outputs", "");
    }
    if (weights instanceof Operand.Constant constant) {
      return node.materialize(
          new Operand.Constant(WeightForms.centered(constant.weights(), zeroPoints, 0)), name);
    }
    if (Arrays.stream(zeroPoints).anyMatch(z -> z != 0)) {
      throw new Refusal(
          "weights with a zero point are computed from the model's input",
          "make them an initializer");
    }
    return node.materialize(weights, name);
  }

  /** Zero points of the weights {@code operand}, which may be absent, then 0. */
  static int[] zeroPoints(NodeContext node, int operand, int input) {
    if (!node.has(input)) {
      return new int[] {0};
    }
    IntegerTensor tensor = QuantizationOperands.integers(node, input);
    QuantizationOperands.checkType(node, operand, (IntegerType) tensor.type().element());
    return tensor.data();
  }

  /** The weights of a convolution, with two spatial axes. */
  static Value ofConvolution(NodeContext node, int input, int[] zeroPoints) {
    Operand weights = node.operand(input);
    if (weights instanceof Operand.Constant) {
      weights = ConstantForms.reshaped(weights, Spatial.lifted(weights.shape())).orElseThrow();
      return centered(node, weights, zeroPoints, node.inputName(input));
    }
    Operand lifted = new Operand.Dynamic(Spatial.lifted(node, input));
    return centered(node, lifted, zeroPoints, node.inputName(input));
  }

  /** A matrix [inputs, outputs] as weights [outputs, inputs]. */
  static Value ofMatrix(NodeContext node, int input, int[] zeroPoints) {
    Operand matrix = node.operand(input);
    if (matrix.shape().rank() != 2) {
      matrix = DenseOperands.matrix(matrix);
    }
    Operand dynamic = matrix;
    Operand weights =
        ConstantForms.transposed(matrix, List.of(1, 0))
            .orElseGet(
                () ->
                    new Operand.Dynamic(
                        node.transposed(node.materialize(dynamic, node.inputName(input)), 1, 0)));
    return centered(node, weights, zeroPoints, node.inputName(input));
  }
}
