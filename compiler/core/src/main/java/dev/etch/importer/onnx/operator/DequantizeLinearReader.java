// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.importer.Refusal;
import dev.etch.importer.onnx.data.OnnxType;
import dev.etch.importer.onnx.data.Operand;
import dev.etch.op.Dequantize;
import dev.etch.op.Quantization;

/**
 * DequantizeLinear per tensor or per channel, opsets 10 to 23. Of constant integers it stays a
 * constant until it is used, so that weights can still be transposed.
 */
final class DequantizeLinearReader implements OperatorReader {
  @Override
  public Signature signature() {
    return Signature.of(2, 3, "axis", "block_size", "output_dtype");
  }

  @Override
  public String notes() {
    return "per tensor or channel; 4 to 32 bits; constant scales; no blocks, no float8";
  }

  @Override
  public void read(NodeContext node) {
    LinearAttributes.check(node.attributes());
    int output = node.attributes().integer("output_dtype", 0);
    if (output != 0 && OnnxType.supported(output) != OnnxType.FLOAT) {
      throw new Refusal("output_dtype is not float32", "");
    }
    int axis = node.attributes().integer("axis", 1);
    Quantization q = QuantizationOperands.of(node, 0, 1, 2, axis);
    if (node.operand(0) instanceof Operand.Constant constant) {
      node.result(
          new Operand.DequantizedConstant(
              constant.weights(), q, node.inputName(0), node.name(), node.location(), false));
    } else {
      node.emitResult(new Dequantize(q), node.value(0));
    }
  }
}
