// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite;

import com.google.flatbuffers.FlatBufferBuilder;
import dev.etch.importer.tflite.schema.BuiltinOperator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;

/** Writes small .tflite files. Types are numbers of the schema's {@code TensorType}. */
final class TestModel {
  static final int FLOAT32 = 0;
  static final int INT32 = 2;
  static final int UINT8 = 3;
  static final int INT8 = 9;

  private final List<TensorEntry> tensors = new ArrayList<>();
  private final List<OperatorEntry> operators = new ArrayList<>();

  private record TensorEntry(
      String name,
      int type,
      int[] shape,
      byte[] data,
      float[] scales,
      long[] zeros,
      int axis,
      ToIntFunction<FlatBufferBuilder> sparsity) {}

  private record OperatorEntry(
      int builtin,
      int[] inputs,
      int[] outputs,
      ToIntFunction<FlatBufferBuilder> options,
      int[] intermediates) {
    OperatorEntry(
        int builtin, int[] inputs, int[] outputs, ToIntFunction<FlatBufferBuilder> options) {
      this(builtin, inputs, outputs, options, new int[0]);
    }
  }

  /** An activation. */
  int tensor(String name, int type, float scale, int zeroPoint, int... shape) {
    return add(
        new TensorEntry(
            name,
            type,
            shape,
            new byte[0],
            new float[] {scale},
            new long[] {zeroPoint},
            0,
            b -> 0));
  }

  /** A float value. */
  int floats(String name, int... shape) {
    return add(
        new TensorEntry(name, FLOAT32, shape, new byte[0], new float[0], new long[0], 0, b -> 0));
  }

  /** Constant floats. */
  int constants(String name, float[] data, int... shape) {
    java.nio.ByteBuffer bytes =
        java.nio.ByteBuffer.allocate(4 * data.length).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(data);
    return add(
        new TensorEntry(name, FLOAT32, shape, bytes.array(), new float[0], new long[0], 0, b -> 0));
  }

  /** Constant bytes with one scale. */
  int bytes(String name, int type, float scale, int zeroPoint, int[] data, int... shape) {
    return weights(name, type, new float[] {scale}, new long[] {zeroPoint}, 0, data, shape);
  }

  /** Constant bytes with scales. */
  int weights(
      String name, int type, float[] scales, long[] zeros, int axis, int[] data, int... shape) {
    byte[] bytes = new byte[data.length];
    for (int i = 0; i < data.length; i++) {
      bytes[i] = (byte) data[i];
    }
    return add(new TensorEntry(name, type, shape, bytes, scales, zeros, axis, b -> 0));
  }

  /** Constant int8 with scale 1 of which only some are stored; see {@link #sparsity}. */
  int sparse(String name, ToIntFunction<FlatBufferBuilder> sparsity, int[] stored, int... shape) {
    int index = bytes(name, INT8, 1, 0, stored, shape);
    TensorEntry t = tensors.get(index);
    tensors.set(
        index,
        new TensorEntry(
            name, t.type(), shape, t.data(), t.scales(), t.zeros(), t.axis(), sparsity));
    return index;
  }

  /**
   * A sparse layout. Each dimension is {extent} if all its positions are stored, else the segments,
   * -1, and the indices.
   */
  static ToIntFunction<FlatBufferBuilder> sparsity(
      int[] traversalOrder, int[] blockMap, int[]... dimensions) {
    return b -> {
      int[] tables = new int[dimensions.length];
      for (int i = 0; i < tables.length; i++) {
        tables[i] = dimension(b, dimensions[i]);
      }
      int order = ints(b, traversalOrder);
      int blocks = ints(b, blockMap);
      int vector = b.createVectorOfTables(tables);
      b.startTable(3);
      b.addOffset(0, order, 0);
      b.addOffset(1, blocks, 0);
      b.addOffset(2, vector, 0);
      return b.endTable();
    };
  }

  private static int dimension(FlatBufferBuilder b, int[] dimension) {
    if (dimension.length == 1) {
      b.startTable(6);
      b.addInt(1, dimension[0], 0);
      return b.endTable();
    }
    int end = 0;
    while (dimension[end] >= 0) {
      end++;
    }
    int segments = bytesTable(b, Arrays.copyOf(dimension, end));
    int indices = bytesTable(b, Arrays.copyOfRange(dimension, end + 1, dimension.length));
    b.startTable(6);
    b.addByte(0, (byte) 1, 0);
    b.addByte(2, (byte) 3, 0);
    b.addOffset(3, segments, 0);
    b.addByte(4, (byte) 3, 0);
    b.addOffset(5, indices, 0);
    return b.endTable();
  }

  /** A {@code Uint8Vector}. */
  private static int bytesTable(FlatBufferBuilder b, int[] values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    int vector = b.createByteVector(bytes);
    b.startTable(1);
    b.addOffset(0, vector, 0);
    return b.endTable();
  }

  /** A constant vector or matrix of int32, without a scale. */
  int ints(String name, int[] data, int... shape) {
    java.nio.ByteBuffer bytes =
        java.nio.ByteBuffer.allocate(4 * data.length).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    bytes.asIntBuffer().put(data);
    return add(
        new TensorEntry(name, INT32, shape, bytes.array(), new float[0], new long[0], 0, b -> 0));
  }

  private int add(TensorEntry tensor) {
    tensors.add(tensor);
    return tensors.size() - 1;
  }

  /** An operator without attributes. */
  void operator(BuiltinOperator builtin, int output, int... inputs) {
    operators.add(new OperatorEntry(builtin.ordinal(), inputs, new int[] {output}, builder -> 0));
  }

  /** An operator with an option table. */
  void operator(
      BuiltinOperator builtin,
      ToIntFunction<FlatBufferBuilder> options,
      int output,
      int... inputs) {
    operators.add(new OperatorEntry(builtin.ordinal(), inputs, new int[] {output}, options));
  }

  /** An operator with intermediate tensors; operands of -1 are left out. */
  void operator(
      BuiltinOperator builtin,
      ToIntFunction<FlatBufferBuilder> options,
      int output,
      int[] inputs,
      int[] intermediates) {
    operators.add(
        new OperatorEntry(builtin.ordinal(), inputs, new int[] {output}, options, intermediates));
  }

  /** An operator with several results. */
  void operator(BuiltinOperator builtin, int[] outputs, int... inputs) {
    operators.add(new OperatorEntry(builtin.ordinal(), inputs, outputs, builder -> 0));
  }

  /**
   * Writes an option table whose fields are all ints or bytes; bytes alternate with their fields.
   */
  static ToIntFunction<FlatBufferBuilder> options(int[] byteFields, int[]... intFields) {
    return builder -> {
      builder.startTable(16);
      for (int[] field : intFields) {
        builder.addInt(field[0], field[1], 0);
      }
      for (int i = 0; i + 1 < byteFields.length; i += 2) {
        builder.addByte(byteFields[i], (byte) byteFields[i + 1], 0);
      }
      return builder.endTable();
    };
  }

  /** Writes an option table with one float field. */
  static ToIntFunction<FlatBufferBuilder> floatOption(int field, float value) {
    return builder -> {
      builder.startTable(8);
      builder.addFloat(field, value, 0);
      return builder.endTable();
    };
  }

  /** The file. */
  byte[] build(int[] inputs, int... outputs) {
    FlatBufferBuilder b = new FlatBufferBuilder();
    int[] tables = new int[tensors.size()];
    int[] buffers = new int[tensors.size() + 1];
    buffers[0] = buffer(b, new byte[0]);
    for (int i = 0; i < tables.length; i++) {
      buffers[i + 1] = buffer(b, tensors.get(i).data());
      tables[i] = tensor(b, tensors.get(i), i + 1);
    }
    int[] nodes = new int[operators.size()];
    int[] codes = new int[operators.size()];
    for (int i = 0; i < nodes.length; i++) {
      nodes[i] = operator(b, operators.get(i), i);
      codes[i] = code(b, operators.get(i).builtin());
    }
    int tensorVector = b.createVectorOfTables(tables);
    int inputVector = ints(b, inputs);
    int outputVector = ints(b, outputs);
    int nodeVector = b.createVectorOfTables(nodes);
    int name = b.createString("main");
    b.startTable(6);
    b.addOffset(0, tensorVector, 0);
    b.addOffset(1, inputVector, 0);
    b.addOffset(2, outputVector, 0);
    b.addOffset(3, nodeVector, 0);
    b.addOffset(4, name, 0);
    int subGraphs = b.createVectorOfTables(new int[] {b.endTable()});
    int codeVector = b.createVectorOfTables(codes);
    int bufferVector = b.createVectorOfTables(buffers);
    b.startTable(8);
    b.addInt(0, 3, 0);
    b.addOffset(1, codeVector, 0);
    b.addOffset(2, subGraphs, 0);
    b.addOffset(4, bufferVector, 0);
    b.finish(b.endTable(), "TFL3");
    return b.sizedByteArray();
  }

  private static int buffer(FlatBufferBuilder b, byte[] data) {
    int vector = b.createByteVector(data);
    b.startTable(3);
    if (data.length > 0) {
      b.addOffset(0, vector, 0);
    }
    return b.endTable();
  }

  private static int tensor(FlatBufferBuilder b, TensorEntry tensor, int buffer) {
    int name = b.createString(tensor.name());
    int shape = ints(b, tensor.shape());
    int quantization = tensor.scales().length == 0 ? 0 : quantization(b, tensor);
    int sparsity = tensor.sparsity().applyAsInt(b);
    b.startTable(8);
    b.addOffset(0, shape, 0);
    b.addByte(1, (byte) tensor.type(), 0);
    b.addInt(2, buffer, 0);
    b.addOffset(3, name, 0);
    b.addOffset(4, quantization, 0);
    b.addOffset(6, sparsity, 0);
    return b.endTable();
  }

  private static int quantization(FlatBufferBuilder b, TensorEntry tensor) {
    b.startVector(4, tensor.scales().length, 4);
    for (int i = tensor.scales().length - 1; i >= 0; i--) {
      b.addFloat(tensor.scales()[i]);
    }
    int scales = b.endVector();
    b.startVector(8, tensor.zeros().length, 8);
    for (int i = tensor.zeros().length - 1; i >= 0; i--) {
      b.addLong(tensor.zeros()[i]);
    }
    int zeros = b.endVector();
    b.startTable(7);
    b.addOffset(2, scales, 0);
    b.addOffset(3, zeros, 0);
    b.addInt(6, tensor.axis(), 0);
    return b.endTable();
  }

  private static int operator(FlatBufferBuilder b, OperatorEntry operator, int code) {
    int options = operator.options().applyAsInt(b);
    int inputs = ints(b, operator.inputs());
    int outputs = ints(b, operator.outputs());
    int intermediates = ints(b, operator.intermediates());
    b.startTable(12);
    b.addInt(0, code, 0);
    b.addOffset(1, inputs, 0);
    b.addOffset(2, outputs, 0);
    b.addOffset(4, options, 0);
    b.addOffset(8, intermediates, 0);
    return b.endTable();
  }

  private static int code(FlatBufferBuilder b, int builtin) {
    b.startTable(4);
    b.addByte(0, (byte) Math.min(127, builtin), 0);
    b.addInt(3, builtin, 0);
    return b.endTable();
  }

  private static int ints(FlatBufferBuilder b, int[] values) {
    b.startVector(4, values.length, 4);
    for (int i = values.length - 1; i >= 0; i--) {
      b.addInt(values[i]);
    }
    return b.endVector();
  }
}
