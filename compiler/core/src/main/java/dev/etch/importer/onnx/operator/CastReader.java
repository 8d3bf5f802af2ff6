// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.importer.Refusal;
import dev.etch.importer.onnx.data.OnnxType;
import dev.etch.importer.onnx.data.Operand;
import dev.etch.tensor.DenseWeights;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.Arrays;

/** Cast: to the type that the operand has, or of a constant. */
final class CastReader implements OperatorReader {
  @Override
  public Signature signature() {
    return Signature.of(1, 1, "to", "saturate");
  }

  @Override
  public String notes() {
    return "to the same type, or of constants; folds away";
  }

  @Override
  public void read(NodeContext node) {
    OnnxType to = OnnxType.supported(node.attributes().integer("to", 0));
    Operand operand = node.operand(0);
    if (operand.type().element().equals(to.element())) {
      node.result(operand);
      return;
    }
    if (!node.isConstant(0)) {
      throw new Refusal(
          "casts " + operand.type().element() + " to " + to.element(),
          "only casts of constants, or to the same type, are supported; use QuantizeLinear");
    }
    node.result(cast(to, node.operand(0), node));
  }

  private static Operand cast(OnnxType to, Operand operand, NodeContext node) {
    if (to == OnnxType.INT64) {
      if (node.tensor(0, "operand") instanceof IntegerTensor integers) {
        return new Operand.Longs(
            operand.shape(), Arrays.stream(integers.data()).asLongStream().toArray());
      }
      throw new Refusal("casts a float constant to int64", "store it as int64");
    }
    Tensor tensor = node.tensor(0, "operand");
    if (to == OnnxType.FLOAT && tensor instanceof IntegerTensor integers) {
      float[] data = new float[integers.data().length];
      for (int i = 0; i < data.length; i++) {
        data[i] = integers.data()[i];
      }
      return new Operand.Constant(new DenseWeights(FloatTensor.of(tensor.shape(), data)));
    }
    if (to.element() instanceof IntegerType type
        && tensor instanceof IntegerTensor integers
        && Arrays.stream(integers.data()).allMatch(type::contains)) {
      return new Operand.Constant(
          new DenseWeights(
              new IntegerTensor(new TensorType(type, tensor.shape()), integers.data())));
    }
    throw new Refusal(
        "casts a constant " + operand.type().element() + " to " + to.element(),
        "store the constant in its final type");
  }
}
