// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.graph.Value;
import dev.etch.importer.onnx.data.Operand;
import dev.etch.op.Add;
import dev.etch.op.Dequantize;
import dev.etch.tensor.DenseWeights;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The bias of a layer whose weights QONNX quantized: a float sum after the layer. */
final class FloatBias {
  private FloatBias() {}

  static boolean wanted(Operand weights) {
    return weights instanceof Operand.DequantizedConstant constant && constant.floatBias();
  }

  /**
   * Adds the node of the result.
   *
   * @param sums of the layer
   * @param bias one a channel, or what broadcasts against the sums
   * @param axis of the channels, which a bias of rank 1 belongs to; -1 is the last
   */
  static void result(NodeContext node, Value sums, Operand bias, int axis) {
    Operand addend = decoded(bias);
    int rank = sums.type().shape().rank();
    if (addend instanceof Operand.Constant constant && addend.shape().rank() == 1 && axis >= 0) {
      List<Integer> extents = new ArrayList<>(Collections.nCopies(rank, 1));
      extents.set(axis, addend.shape().dimension(0));
      Tensor tensor = ((FloatTensor) constant.weights().decode()).reshape(new Shape(extents));
      addend = new Operand.Constant(new DenseWeights(tensor));
    }
    node.emitResult(new Add(), sums, node.materialize(addend, node.name() + "_bias"));
  }

  /** An operand of a sum; a constant that QONNX quantized is the floats that it stands for. */
  static Value value(NodeContext node, int input) {
    Operand operand = node.operand(input);
    return wanted(operand)
        ? node.materialize(decoded(operand), node.inputName(input))
        : node.value(input);
  }

  private static Operand decoded(Operand bias) {
    if (bias instanceof Operand.DequantizedConstant quantized) {
      Tensor floats =
          new Dequantize(quantized.quantization())
              .evaluate(List.of(quantized.integers().decode()))
              .get(0);
      return new Operand.Constant(new DenseWeights(floats));
    }
    return bias;
  }
}
