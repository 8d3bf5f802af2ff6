// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx;

import com.google.protobuf.ByteString;
import dev.etch.importer.onnx.format.AttributeProto;
import dev.etch.importer.onnx.format.AttributeProto.AttributeType;
import dev.etch.importer.onnx.format.GraphProto;
import dev.etch.importer.onnx.format.ModelProto;
import dev.etch.importer.onnx.format.NodeProto;
import dev.etch.importer.onnx.format.OperatorSetIdProto;
import dev.etch.importer.onnx.format.SparseTensorProto;
import dev.etch.importer.onnx.format.StringStringEntryProto;
import dev.etch.importer.onnx.format.TensorProto;
import dev.etch.importer.onnx.format.TensorShapeProto;
import dev.etch.importer.onnx.format.TypeProto;
import dev.etch.importer.onnx.format.ValueInfoProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** Builds small ONNX models for tests. */
final class TestModel {
  static final int FLOAT = 1;
  static final int UINT8 = 2;
  static final int INT8 = 3;
  static final int INT32 = 6;
  static final int INT64 = 7;
  static final int FLOAT16 = 10;
  static final int INT4 = 22;

  private final ModelProto.Builder model = ModelProto.newBuilder().setIrVersion(8);
  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("test");

  TestModel(int opset) {
    operatorSet("", opset);
  }

  TestModel operatorSet(String domain, long version) {
    model.addOpsetImport(OperatorSetIdProto.newBuilder().setDomain(domain).setVersion(version));
    return this;
  }

  TestModel input(String name, int type, long... dims) {
    graph.addInput(info(name, type, dims));
    return this;
  }

  /** An output; its type is not read. */
  TestModel output(String name) {
    graph.addOutput(info(name, FLOAT));
    return this;
  }

  private static ValueInfoProto info(String name, int type, long... dims) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (long dim : dims) {
      shape.addDimBuilder().setDimValue(dim);
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(TypeProto.Tensor.newBuilder().setElemType(type).setShape(shape)))
        .build();
  }

  TestModel floats(String name, List<Long> dims, float... data) {
    graph.addInitializer(floatTensor(name, dims, data));
    return this;
  }

  static TensorProto.Builder floatTensor(String name, List<Long> dims, float... data) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setName(name).setDataType(FLOAT).addAllDims(dims);
    for (float value : data) {
      tensor.addFloatData(value);
    }
    return tensor;
  }

  TestModel integers(String name, int type, List<Long> dims, int... data) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setName(name).setDataType(type).addAllDims(dims);
    Arrays.stream(data).forEach(tensor::addInt32Data);
    graph.addInitializer(tensor);
    return this;
  }

  TestModel longs(String name, List<Long> dims, long... data) {
    graph.addInitializer(longTensor(name, dims, data));
    return this;
  }

  static TensorProto.Builder longTensor(String name, List<Long> dims, long... data) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder().setName(name).setDataType(INT64).addAllDims(dims);
    Arrays.stream(data).forEach(tensor::addInt64Data);
    return tensor;
  }

  TestModel raw(String name, int type, List<Long> dims, byte... data) {
    graph.addInitializer(
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(type)
            .addAllDims(dims)
            .setRawData(ByteString.copyFrom(data)));
    return this;
  }

  TestModel external(String name, List<Long> dims, String... keysAndValues) {
    TensorProto.Builder tensor =
        TensorProto.newBuilder()
            .setName(name)
            .setDataType(FLOAT)
            .addAllDims(dims)
            .setDataLocation(TensorProto.DataLocation.EXTERNAL);
    for (int i = 0; i < keysAndValues.length; i += 2) {
      tensor.addExternalData(
          StringStringEntryProto.newBuilder()
              .setKey(keysAndValues[i])
              .setValue(keysAndValues[i + 1]));
    }
    graph.addInitializer(tensor);
    return this;
  }

  TestModel sparse(TensorProto.Builder values, TensorProto.Builder indices, long... dims) {
    SparseTensorProto.Builder sparse =
        SparseTensorProto.newBuilder().setValues(values).setIndices(indices);
    Arrays.stream(dims).forEach(sparse::addDims);
    graph.addSparseInitializer(sparse);
    return this;
  }

  TestModel node(
      String operator, List<String> inputs, String output, AttributeProto... attributes) {
    return node("", operator, inputs, output, attributes);
  }

  TestModel node(
      String domain,
      String operator,
      List<String> inputs,
      String output,
      AttributeProto... attributes) {
    graph.addNode(
        NodeProto.newBuilder()
            .setName(output + "_node")
            .setDomain(domain)
            .setOpType(operator)
            .addAllInput(inputs)
            .addOutput(output)
            .addAllAttribute(List.of(attributes)));
    return this;
  }

  static AttributeProto ints(String name, long... values) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeType.INTS);
    Arrays.stream(values).forEach(attribute::addInts);
    return attribute.build();
  }

  static AttributeProto integer(String name, long value) {
    return AttributeProto.newBuilder().setName(name).setType(AttributeType.INT).setI(value).build();
  }

  static AttributeProto number(String name, float value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeType.FLOAT)
        .setF(value)
        .build();
  }

  static AttributeProto text(String name, String value) {
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeType.STRING)
        .setS(ByteString.copyFromUtf8(value))
        .build();
  }

  ModelProto build() {
    return model.setGraph(graph).build();
  }

  Path write(Path folder) throws IOException {
    Path file = folder.resolve("model.onnx");
    Files.write(file, build().toByteArray());
    return file;
  }
}
