// SPDX-License-Identifier: Apache-2.0
package dev.etch.cli;

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
import java.util.List;
import java.util.Random;

/**
 * A convolution, a pool and a dense layer in QOperator form, small enough to compile in no time.
 */
final class SmallOnnxModel {
  private static final int FLOAT = 1;
  private static final int UINT8 = 2;
  private static final int INT8 = 3;

  private SmallOnnxModel() {}

  static byte[] bytes() {
    GraphProto.Builder graph = GraphProto.newBuilder().setName("small");
    graph.addInput(value("x", 1, 1, 6, 6)).addOutput(value("y", 1, 3));
    graph.addInitializer(scale("scale", 0.05f)).addInitializer(zero("zero", UINT8));
    graph.addInitializer(scale("wscale", 0.01f)).addInitializer(zero("wzero", INT8));
    graph.addInitializer(weights("w1", 2, 1, 3, 3)).addInitializer(weights("w2", 8, 3));
    graph.addNode(
        node(
            "QLinearConv",
            "c",
            List.of("x", "scale", "zero", "w1", "wscale", "wzero", "scale", "zero")));
    graph.addNode(
        node("MaxPool", "p", List.of("c")).toBuilder()
            .addAttribute(ints("kernel_shape", 2, 2))
            .addAttribute(ints("strides", 2, 2)));
    graph.addNode(node("Flatten", "f", List.of("p")));
    graph.addNode(
        node(
            "QLinearMatMul",
            "y",
            List.of("f", "scale", "zero", "w2", "wscale", "wzero", "scale", "zero")));
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .setGraph(graph)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(17))
        .build()
        .toByteArray();
  }

  /** A dense layer of floats that tells which row of 4 x 4 is the brightest, with some noise. */
  static byte[] floatBytes() {
    TensorProto.Builder weights =
        TensorProto.newBuilder().setName("w").setDataType(FLOAT).addDims(4).addDims(16);
    TensorProto.Builder bias = TensorProto.newBuilder().setName("b").setDataType(FLOAT).addDims(4);
    Random random = new Random(1);
    for (int i = 0; i < 64; i++) {
      float row = i / 16 == i % 16 / 4 ? 1 : 0;
      weights.addFloatData(row + (float) random.nextGaussian() / 4);
    }
    for (int i = 0; i < 4; i++) {
      bias.addFloatData(0);
    }
    GraphProto.Builder graph =
        GraphProto.newBuilder()
            .setName("small")
            .addInput(value(FLOAT, "x", 1, 1, 4, 4))
            .addOutput(value(FLOAT, "y", 1, 4))
            .addInitializer(weights)
            .addInitializer(bias)
            .addNode(node("Flatten", "f", List.of("x")))
            .addNode(
                node("Gemm", "y", List.of("f", "w", "b")).toBuilder()
                    .addAttribute(
                        AttributeProto.newBuilder()
                            .setName("transB")
                            .setType(AttributeProto.AttributeType.INT)
                            .setI(1)));
    return ModelProto.newBuilder()
        .setIrVersion(8)
        .setGraph(graph)
        .addOpsetImport(OperatorSetIdProto.newBuilder().setDomain("").setVersion(17))
        .build()
        .toByteArray();
  }

  private static NodeProto node(String operator, String output, List<String> inputs) {
    return NodeProto.newBuilder()
        .setName(operator + "_" + output)
        .setOpType(operator)
        .addAllInput(inputs)
        .addOutput(output)
        .build();
  }

  private static AttributeProto ints(String name, long... values) {
    AttributeProto.Builder attribute =
        AttributeProto.newBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
    for (long value : values) {
      attribute.addInts(value);
    }
    return attribute.build();
  }

  private static ValueInfoProto value(String name, long... dimensions) {
    return value(UINT8, name, dimensions);
  }

  private static ValueInfoProto value(int type, String name, long... dimensions) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (long dimension : dimensions) {
      shape.addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(dimension));
    }
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(
            TypeProto.newBuilder()
                .setTensorType(TypeProto.Tensor.newBuilder().setElemType(type).setShape(shape)))
        .build();
  }

  private static TensorProto scale(String name, float value) {
    return TensorProto.newBuilder().setName(name).setDataType(FLOAT).addFloatData(value).build();
  }

  private static TensorProto zero(String name, int type) {
    return TensorProto.newBuilder().setName(name).setDataType(type).addInt32Data(0).build();
  }

  private static TensorProto weights(String name, long... dimensions) {
    TensorProto.Builder tensor = TensorProto.newBuilder().setName(name).setDataType(INT8);
    int elements = 1;
    for (long dimension : dimensions) {
      tensor.addDims(dimension);
      elements *= (int) dimension;
    }
    byte[] data = new byte[elements];
    new Random(elements).nextBytes(data);
    return tensor.setRawData(ByteString.copyFrom(data)).build();
  }
}
