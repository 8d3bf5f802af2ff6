// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import com.google.protobuf.ByteString;
import dev.etch.importer.onnx.format.AttributeProto;
import dev.etch.importer.onnx.format.GraphProto;
import dev.etch.importer.onnx.format.ModelProto;
import dev.etch.importer.onnx.format.NodeProto;
import dev.etch.importer.onnx.format.OperatorSetIdProto;
import dev.etch.importer.onnx.format.TensorProto;
import dev.etch.importer.onnx.format.TensorShapeProto;
import dev.etch.importer.onnx.format.TypeProto;
import dev.etch.importer.onnx.format.ValueInfoProto;
import dev.etch.tensor.ElementType;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.FloatType;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Writes small ONNX models for comparing with ONNX Runtime. */
final class OnnxModel {
  private static final Map<ElementType, Integer> CODES =
      Map.of(
          FloatType.FLOAT32,
          1,
          IntegerType.UINT8,
          2,
          IntegerType.INT8,
          3,
          new IntegerType(16, false),
          4,
          new IntegerType(16, true),
          5,
          IntegerType.INT32,
          6,
          IntegerType.INT64,
          7);

  private int operatorSet = 13;
  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("test");

  /** Imports another version of ONNX's operators than 13. */
  OnnxModel operatorSet(int version) {
    operatorSet = version;
    return this;
  }

  /** Declares a graph input. */
  OnnxModel input(String name, TensorType type) {
    graph.addInput(info(name, type.element(), type.shape()));
    return this;
  }

  /** Declares a graph output, whose shape ONNX Runtime infers. */
  OnnxModel output(String name, ElementType element) {
    TypeProto.Tensor tensor = TypeProto.Tensor.newBuilder().setElemType(CODES.get(element)).build();
    graph.addOutput(
        ValueInfoProto.newBuilder()
            .setName(name)
            .setType(TypeProto.newBuilder().setTensorType(tensor)));
    return this;
  }

  /** Adds a constant. */
  OnnxModel constant(String name, Tensor tensor) {
    TensorProto.Builder proto = TensorProto.newBuilder().setName(name);
    tensor.shape().dimensions().forEach(proto::addDims);
    proto.setDataType(CODES.get(tensor.type().element()));
    proto.setRawData(ByteString.copyFrom(RawTensorFile.encode(tensor)));
    graph.addInitializer(proto);
    return this;
  }

  /** Adds a float constant: a scalar if there is one value. */
  OnnxModel scales(String name, float... values) {
    return constant(name, FloatTensor.of(shape(values.length), values));
  }

  /** Adds an integer constant: a scalar if there is one value. */
  OnnxModel zeroPoints(String name, IntegerType type, int... values) {
    return constant(name, IntegerTensor.of(type, shape(values.length), values));
  }

  private static Shape shape(int length) {
    return length == 1 ? Shape.of() : Shape.of(length);
  }

  /** Adds a node; {@code domain} is empty for ONNX's own operators. */
  OnnxModel node(
      String domain, String operator, List<String> inputs, String output, Object... attributes) {
    NodeProto.Builder node = NodeProto.newBuilder().setDomain(domain).setOpType(operator);
    node.setName(output).addAllInput(inputs).addOutput(output);
    for (int i = 0; i < attributes.length; i += 2) {
      node.addAttribute(attribute((String) attributes[i], attributes[i + 1]));
    }
    graph.addNode(node);
    return this;
  }

  /** Adds a node with several results. */
  OnnxModel node(String operator, List<String> inputs, List<String> outputs, Object... attributes) {
    node("", operator, inputs, outputs.get(0), attributes);
    NodeProto.Builder last = graph.getNodeBuilder(graph.getNodeCount() - 1);
    last.addAllOutput(outputs.subList(1, outputs.size()));
    return this;
  }

  private static AttributeProto attribute(String name, Object value) {
    AttributeProto.Builder attribute = AttributeProto.newBuilder().setName(name);
    if (value instanceof int[] integers) {
      Arrays.stream(integers).forEach(attribute::addInts);
      return attribute.setType(AttributeProto.AttributeType.INTS).build();
    }
    if (value instanceof Float number) {
      return attribute.setType(AttributeProto.AttributeType.FLOAT).setF(number).build();
    }
    if (value instanceof String text) {
      return attribute
          .setType(AttributeProto.AttributeType.STRING)
          .setS(ByteString.copyFromUtf8(text))
          .build();
    }
    return attribute.setType(AttributeProto.AttributeType.INT).setI((Integer) value).build();
  }

  private static ValueInfoProto info(String name, ElementType element, Shape shape) {
    TensorShapeProto.Builder dimensions = TensorShapeProto.newBuilder();
    shape
        .dimensions()
        .forEach(d -> dimensions.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(d)));
    TypeProto.Tensor tensor =
        TypeProto.Tensor.newBuilder().setElemType(CODES.get(element)).setShape(dimensions).build();
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }

  /** The model as bytes. */
  byte[] build() {
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(operatorSet))
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("com.microsoft").setVersion(1))
        .setGraph(graph)
        .build()
        .toByteArray();
  }
}
