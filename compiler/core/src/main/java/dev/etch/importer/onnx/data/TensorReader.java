// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.onnx.data;

import com.google.protobuf.ByteString;
import dev.etch.importer.Dimensions;
import dev.etch.importer.Refusal;
import dev.etch.importer.onnx.format.TensorProto;
import dev.etch.importer.onnx.format.TensorProto.DataLocation;
import dev.etch.tensor.BooleanType;
import dev.etch.tensor.DenseWeights;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Shape;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Reads constant tensors from any of the places where ONNX stores their elements. */
public final class TensorReader {
  private final ExternalData external;

  /** Reads external data through {@code external}. */
  public TensorReader(ExternalData external) {
    this.external = external;
  }

  /**
   * The tensor as {@link Operand.Longs} if its elements are int64, else as a dense {@link
   * Operand.Constant}.
   *
   * @throws Refusal if type, shape and data do not fit each other
   */
  public Operand read(TensorProto proto) {
    OnnxType type = OnnxType.supported(proto.getDataType());
    Shape shape = Dimensions.shape(proto.getDimsList());
    if (proto.hasSegment()) {
      throw new Refusal("tensor is stored in segments", "store it in one piece");
    }
    boolean isExternal = proto.getDataLocation() == DataLocation.EXTERNAL;
    if (isExternal && (proto.hasRawData() || typedElements(proto) > 0)) {
      throw new Refusal("tensor has both external and inline data", "");
    }
    if (proto.hasRawData() && typedElements(proto) > 0) {
      throw new Refusal("tensor has both raw and typed data", "");
    }
    if (isExternal) {
      byte[] bytes = external.read(proto, rawBytes(type, shape));
      return fromRaw(type, shape, ByteBuffer.wrap(bytes));
    }
    if (proto.hasRawData()) {
      ByteString raw = proto.getRawData();
      checkCount("bytes of raw data", raw.size(), rawBytes(type, shape), shape);
      return fromRaw(type, shape, raw.asReadOnlyByteBuffer());
    }
    return fromTyped(proto, type, shape);
  }

  private static long rawBytes(OnnxType type, Shape shape) {
    return ((long) shape.elements() * type.storageBits() + 7) / 8;
  }

  private static long typedElements(TensorProto proto) {
    return (long) proto.getFloatDataCount()
        + proto.getInt32DataCount()
        + proto.getInt64DataCount()
        + proto.getStringDataCount()
        + proto.getDoubleDataCount()
        + proto.getUint64DataCount();
  }

  private static Operand fromRaw(OnnxType type, Shape shape, ByteBuffer bytes) {
    bytes.order(ByteOrder.LITTLE_ENDIAN);
    int count = shape.elements();
    if (type == OnnxType.FLOAT) {
      float[] data = new float[count];
      bytes.asFloatBuffer().get(data);
      return dense(new FloatTensor(new TensorType(type.element(), shape), data));
    }
    if (type == OnnxType.INT64) {
      long[] data = new long[count];
      bytes.asLongBuffer().get(data);
      return new Operand.Longs(shape, data);
    }
    int[] data = new int[count];
    for (int i = 0; i < count; i++) {
      data[i] = rawElement(type, bytes, i);
    }
    return integers(type, shape, data);
  }

  private static int rawElement(OnnxType type, ByteBuffer bytes, int i) {
    return switch (type.storageBits()) {
      case 4 -> extend(type, bytes.get(i / 2) >> (4 * (i % 2)));
      case 8 -> extend(type, bytes.get(i));
      case 16 -> extend(type, bytes.getShort(2 * i));
      default -> bytes.getInt(4 * i);
    };
  }

  /** The low bits of {@code bits}, read as the type: sign-extended or not. */
  private static int extend(OnnxType type, int bits) {
    if (type.element() == BooleanType.BOOLEAN) {
      return bits & 0xff;
    }
    IntegerType integer = (IntegerType) type.element();
    int unused = Integer.SIZE - integer.bits();
    return integer.signed() ? bits << unused >> unused : bits << unused >>> unused;
  }

  private static Operand fromTyped(TensorProto proto, OnnxType type, Shape shape) {
    int count = shape.elements();
    if (type == OnnxType.FLOAT) {
      checkCount("float_data", proto.getFloatDataCount(), count, shape);
      float[] data = new float[count];
      for (int i = 0; i < count; i++) {
        data[i] = proto.getFloatData(i);
      }
      return dense(new FloatTensor(new TensorType(type.element(), shape), data));
    }
    if (type == OnnxType.INT64) {
      checkCount("int64_data", proto.getInt64DataCount(), count, shape);
      long[] data = new long[count];
      for (int i = 0; i < count; i++) {
        data[i] = proto.getInt64Data(i);
      }
      return new Operand.Longs(shape, data);
    }
    int perEntry = type.storageBits() == 4 ? 2 : 1;
    long entries = ((long) count + perEntry - 1) / perEntry;
    checkCount("int32_data", proto.getInt32DataCount(), entries, shape);
    int[] data = new int[count];
    for (int i = 0; i < count; i++) {
      int entry = proto.getInt32Data(i / perEntry);
      data[i] = perEntry == 2 ? extend(type, entry >> (4 * (i % 2))) : entry;
    }
    return integers(type, shape, data);
  }

  private static void checkCount(String what, long given, long wanted, Shape shape) {
    if (given != wanted) {
      throw new Refusal(
          given + " " + what + " given, but shape " + shape + " asks for " + wanted,
          "the file was cut or damaged");
    }
  }

  private static Operand integers(OnnxType type, Shape shape, int[] data) {
    try {
      return dense(new IntegerTensor(new TensorType(type.element(), shape), data));
    } catch (IllegalArgumentException e) {
      throw new Refusal(e.getMessage(), "the file is damaged");
    }
  }

  private static Operand dense(Tensor tensor) {
    return new Operand.Constant(new DenseWeights(tensor));
  }
}
