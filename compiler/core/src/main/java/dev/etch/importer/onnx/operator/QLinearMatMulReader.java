// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.graph.Value;
import dev.etch.op.IntegerDense;
import dev.etch.op.Quantization;

/** QLinearMatMul with a constant or computed matrix on the right. */
final class QLinearMatMulReader implements OperatorReader {
  @Override
  public Signature signature() {
    return Signature.of(8, 8);
  }

  @Override
  public String notes() {
    return "right operand of rank 2, per tensor or column, any zero point";
  }

  @Override
  public void read(NodeContext node) {
    Quantization a = QuantizationOperands.tensor(node, 0, 1, 2);
    Quantization b = QuantizationOperands.of(node, 3, 4, 5, -1);
    Quantization y = QuantizationOperands.perTensor(node, 6, 7);
    int[] zeros = b.zeroPoints().stream().mapToInt(Integer::intValue).toArray();
    MatMulReader.checkBatch(node.shape(0), node.shape(3));
    Value weights = IntegerWeights.ofMatrix(node, 3, zeros);
    Value sums = node.emit(new IntegerDense(a.zeroPoint(0)), node.value(0), weights);
    int channelAxis = sums.type().shape().rank() - 1;
    node.emitResult(Rescaling.of(a.scale(0), b.scales(), y, channelAxis), sums);
  }
}
