// SPDX-License-Identifier: Apache-2.0
package dev.etch.exporter;

import com.google.protobuf.ByteString;
import dev.etch.graph.Value;
import dev.etch.importer.onnx.format.AttributeProto;
import dev.etch.importer.onnx.format.GraphProto;
import dev.etch.importer.onnx.format.ModelProto;
import dev.etch.importer.onnx.format.NodeProto;
import dev.etch.importer.onnx.format.OperatorSetIdProto;
import dev.etch.importer.onnx.format.SparseTensorProto;
import dev.etch.importer.onnx.format.TensorProto;
import dev.etch.importer.onnx.format.TensorShapeProto;
import dev.etch.importer.onnx.format.TypeProto;
import dev.etch.importer.onnx.format.ValueInfoProto;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.Shape;
import dev.etch.tensor.SparseWeights;
import dev.etch.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/** An ONNX model while it is written. Names of tensors are those of the graph, and unique. */
final class OnnxFile {
  /** ONNX 1.12: the first operator set with all that is written, and one that all runtimes have. */
  private static final int OPERATOR_SET = 17;

  private static final int FORMAT = 8;

  private final GraphProto.Builder graph = GraphProto.newBuilder();

  OnnxFile(String name) {
    graph.setName(name);
  }

  void input(String name, Value value) {
    graph.addInput(info(name, value));
  }

  void output(String name, Value value) {
    graph.addOutput(info(name, value));
  }

  private static ValueInfoProto info(String name, Value value) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    value
        .type()
        .shape()
        .dimensions()
        .forEach(
            extent -> shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(extent)));
    TypeProto.Tensor tensor =
        TypeProto.Tensor.newBuilder()
            .setElemType(StoredType.of(value.type().element()).code())
            .setShape(shape)
            .build();
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setTensorType(tensor))
        .build();
  }

  /** A constant; its name. */
  String initializer(String name, Tensor data) {
    graph.addInitializer(tensor(name, data));
    return name;
  }

  /** A constant of indexes or extents. */
  String longs(String name, List<Integer> values) {
    ByteBuffer raw = raw(Long.BYTES * values.size());
    values.forEach(raw::putLong);
    graph.addInitializer(
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(StoredType.INT64.code())
            .addDims(values.size())
            .setRawData(ByteString.copyFrom(raw.array())));
    return name;
  }

  /** A constant of which only some elements are stored. */
  void sparse(String name, SparseWeights weights) {
    int[] indexes = weights.indexes().data();
    ByteBuffer raw = raw(Long.BYTES * indexes.length);
    Arrays.stream(indexes).forEach(raw::putLong);
    SparseTensorProto.Builder sparse =
        SparseTensorProto.newBuilder()
            .setValues(tensor(name, weights.values()))
            .setIndices(
                TensorProto.newBuilder()
                    .setDataType(StoredType.INT64.code())
                    .addDims(indexes.length)
                    .setRawData(ByteString.copyFrom(raw.array())));
    weights.type().shape().dimensions().forEach(sparse::addDims);
    graph.addSparseInitializer(sparse);
  }

  private static TensorProto tensor(String name, Tensor data) {
    StoredType stored = StoredType.of(data.type().element());
    Shape shape = data.shape();
    ByteBuffer raw = raw(stored.bytes() * shape.elements());
    if (data instanceof FloatTensor floats) {
      for (float value : floats.data()) {
        raw.putFloat(value);
      }
    } else {
      for (int value : ((IntegerTensor) data).data()) {
        stored.put(raw, value);
      }
    }
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(stored.code())
            .setRawData(ByteString.copyFrom(raw.array()));
    shape.dimensions().forEach(tensor::addDims);
    return tensor.build();
  }

  private static ByteBuffer raw(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** A node; the name of its result. */
  String node(
      String operator, String name, List<String> inputs, String output, Attributes attributes) {
    NodeProto.Builder node =
        NodeProto.newBuilder()
            .setOpType(operator)
            .setName(name)
            .addAllInput(inputs)
            .addOutput(output);
    attributes.all().forEach(node::addAttribute);
    graph.addNode(node);
    return output;
  }

  /** Attributes of a node. */
  static final class Attributes {
    private final List<AttributeProto> all;

    private Attributes(List<AttributeProto> all) {
      this.all = all;
    }

    static Attributes none() {
      return new Attributes(List.of());
    }

    Attributes integer(String name, int value) {
      return with(
          AttributeProto.newBuilder()
              .setName(name)
              .setType(AttributeProto.AttributeType.INT)
              .setI(value)
              .build());
    }

    Attributes number(String name, float value) {
      return with(
          AttributeProto.newBuilder()
              .setName(name)
              .setType(AttributeProto.AttributeType.FLOAT)
              .setF(value)
              .build());
    }

    Attributes integers(String name, List<Integer> values) {
      AttributeProto.Builder attribute =
          AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
      values.forEach(attribute::addInts);
      return with(attribute.build());
    }

    private Attributes with(AttributeProto attribute) {
      List<AttributeProto> more = new java.util.ArrayList<>(all);
      more.add(attribute);
      return new Attributes(more);
    }

    private List<AttributeProto> all() {
      return all;
    }
  }

  byte[] bytes() {
    return ModelProto.newBuilder()
        .setIrVersion(FORMAT)
        .setProducerName("etch")
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(OPERATOR_SET))
        .setGraph(graph)
        .build()
        .toByteArray();
  }
}
