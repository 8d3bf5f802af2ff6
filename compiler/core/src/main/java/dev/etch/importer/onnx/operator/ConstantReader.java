// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.operator;

import dev.etch.importer.Refusal;
import dev.etch.importer.onnx.data.Operand;
import dev.etch.importer.onnx.data.SparseTensorReader;
import dev.etch.importer.onnx.format.AttributeProto;
import dev.etch.importer.onnx.format.AttributeProto.AttributeType;
import dev.etch.tensor.DenseWeights;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import java.util.List;

/** Constant in each of its numeric forms. */
final class ConstantReader implements OperatorReader {
  @Override
  public Signature signature() {
    return Signature.of(
        0, 0, "value", "value_float", "value_floats", "value_int", "value_ints", "sparse_value");
  }

  @Override
  public String notes() {
    return "numbers only";
  }

  @Override
  public void read(NodeContext node) {
    Attributes attributes = node.attributes();
    if (attributes.names().size() != 1) {
      throw new Refusal(
          "exactly one value attribute is wanted, not " + attributes.names().size(), "");
    }
    node.result(
        switch (attributes.names().get(0)) {
          case "value" -> node.tensors().read(proto(node, "value", AttributeType.TENSOR).getT());
          case "sparse_value" ->
              new SparseTensorReader(node.tensors())
                  .read(proto(node, "sparse_value", AttributeType.SPARSE_TENSOR).getSparseTensor());
          case "value_float" ->
              dense(FloatTensor.of(Shape.of(), attributes.number("value_float", 0)));
          case "value_floats" -> floats(attributes.numbers("value_floats").orElse(List.of()));
          case "value_int" ->
              new Operand.Longs(
                  Shape.of(), new long[] {attributes.longInteger("value_int").orElse(0L)});
          default -> Operand.Longs.vector(attributes.longs("value_ints").orElse(List.of()));
        });
  }

  private static AttributeProto proto(NodeContext node, String name, AttributeType type) {
    return node.attributes().find(name, type).orElseThrow();
  }

  private static Operand floats(List<Float> list) {
    float[] data = new float[list.size()];
    for (int i = 0; i < data.length; i++) {
      data[i] = list.get(i);
    }
    return dense(FloatTensor.of(Shape.of(data.length), data));
  }

  private static Operand dense(Tensor tensor) {
    return new Operand.Constant(new DenseWeights(tensor));
  }
}
