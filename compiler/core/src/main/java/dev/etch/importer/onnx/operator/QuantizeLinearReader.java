// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.importer.Refusal;
import dev.etch.importer.onnx.data.OnnxType;
import dev.etch.importer.onnx.data.Operand;
import dev.etch.op.Quantization;
import dev.etch.op.Quantize;
import dev.etch.tensor.DenseWeights;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Tensor;
import java.util.List;

/** QuantizeLinear per tensor or per channel, opsets 10 to 23. */
final class QuantizeLinearReader implements OperatorReader {
  @Override
  public Signature signature() {
    return Signature.of(2, 3, "axis", "saturate", "block_size", "output_dtype", "precision");
  }

  @Override
  public String notes() {
    return "per tensor or channel; 4 to 32 bits; constant scales; no blocks, no float8";
  }

  @Override
  public void read(NodeContext node) {
    Attributes attributes = node.attributes();
    LinearAttributes.check(attributes);
    int axis = attributes.integer("axis", 1);
    IntegerType type = outputType(node);
    if (!node.operand(0).type().isFloat()) {
      throw new Refusal("operand has type " + node.operand(0).type(), "float32 wanted");
    }
    Quantization q = QuantizationOperands.read(node, 1, 2, type, node.shape(0), axis);
    if (attributes.integer("output_dtype", 0) != 0 && !q.type().equals(type)) {
      throw new Refusal("output_dtype is " + type + ", the zero point " + q.type(), "");
    }
    Quantize op = new Quantize(q);
    if (node.isConstant(0)) {
      Tensor folded = op.evaluate(List.of(node.tensor(0, "operand"))).get(0);
      node.result(new Operand.Constant(new DenseWeights(folded)));
    } else {
      node.emitResult(op, node.value(0));
    }
  }

  private static IntegerType outputType(NodeContext node) {
    int number = node.attributes().integer("output_dtype", 0);
    if (number == 0) {
      return IntegerType.UINT8;
    }
    if (OnnxType.supported(number).element() instanceof IntegerType type) {
      return type;
    }
    throw new Refusal("output_dtype is not an integer type", "");
  }
}
