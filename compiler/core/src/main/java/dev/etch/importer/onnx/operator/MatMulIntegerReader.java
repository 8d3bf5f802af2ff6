// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.graph.Value;
import dev.etch.op.IntegerDense;

/** MatMulInteger with a matrix on the right: exact int32 sums. */
final class MatMulIntegerReader implements OperatorReader {
  @Override
  public Signature signature() {
    return Signature.of(2, 4);
  }

  @Override
  public String notes() {
    return "right operand of rank 2; any zero point on constants";
  }

  @Override
  public void read(NodeContext node) {
    MatMulReader.checkBatch(node.shape(0), node.shape(1));
    int zeroPoint = QuantizationOperands.zeroPoint(node, 0, 2);
    Value weights = IntegerWeights.ofMatrix(node, 1, IntegerWeights.zeroPoints(node, 1, 3));
    node.emitResult(new IntegerDense(zeroPoint), node.value(0), weights);
  }
}
