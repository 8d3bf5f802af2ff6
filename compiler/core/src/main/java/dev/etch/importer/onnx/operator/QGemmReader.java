// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.graph.Value;
import dev.etch.importer.Refusal;
import dev.etch.op.Dequantize;
import dev.etch.op.IntegerDense;
import dev.etch.op.Quantization;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import java.util.Collections;
import java.util.List;

/** ONNX Runtime's QGemm; without an output scale the result is float32. */
final class QGemmReader implements OperatorReader {
  private static final int BIAS = 6;
  private static final int OUTPUT_SCALE = 7;
  private static final int OUTPUT_ZERO_POINT = 8;

  @Override
  public Signature signature() {
    return Signature.of(6, 9, "alpha", "transA", "transB");
  }

  @Override
  public String notes() {
    return "bias per output; float32 result without output scale";
  }

  @Override
  public void read(NodeContext node) {
    Quantization a = QuantizationOperands.tensor(node, 0, 1, 2);
    node.checkRank(0, "A", 2);
    node.checkRank(3, "B", 2);
    boolean transposedB = node.attributes().flag("transB", false);
    Quantization b = QuantizationOperands.of(node, 3, 4, 5, transposedB ? 0 : 1);
    Value x = node.value(0);
    if (node.attributes().flag("transA", false)) {
      x = node.transposed(x, 1, 0);
    }
    int[] zeros = b.zeroPoints().stream().mapToInt(Integer::intValue).toArray();
    Value weights =
        transposedB
            ? IntegerWeights.centered(node, node.operand(3), zeros, node.inputName(3))
            : IntegerWeights.ofMatrix(node, 3, zeros);
    Value sums = sums(node, new IntegerDense(a.zeroPoint(0)), x, weights);
    float scale = node.attributes().number("alpha", 1) * a.scale(0);
    if (node.has(OUTPUT_SCALE)) {
      Quantization y = QuantizationOperands.perTensor(node, OUTPUT_SCALE, OUTPUT_ZERO_POINT);
      node.emitResult(Rescaling.of(scale, b.scales(), y, 1), sums);
    } else {
      List<Float> scales = b.scales().stream().map(s -> scale * s).toList();
      List<Integer> noZeros = Collections.nCopies(scales.size(), 0);
      node.emitResult(
          new Dequantize(new Quantization(IntegerType.INT32, scales, noZeros, 1)), sums);
    }
  }

  private static Value sums(NodeContext node, IntegerDense op, Value x, Value weights) {
    if (!node.has(BIAS)) {
      return node.emit(op, x, weights);
    }
    int outputs = weights.type().shape().dimension(0);
    if (node.shape(BIAS).elements() != outputs) {
      throw new Refusal(
          "bias has shape " + node.shape(BIAS), "one number for each of " + outputs + " outputs");
    }
    Value bias = node.reshaped(node.value(BIAS), Shape.of(outputs));
    return node.emit(op, x, weights, bias);
  }
}
