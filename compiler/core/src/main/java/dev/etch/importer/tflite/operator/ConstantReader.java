// SPDX-License-Identifier: Apache-2.0
package dev.etch.importer.tflite.operator;

import dev.etch.importer.Dimensions;
import dev.etch.importer.Refusal;
import dev.etch.importer.tflite.schema.TfliteBuffer;
import dev.etch.importer.tflite.schema.TfliteTensor;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import java.nio.ByteBuffer;

/** Turns the bytes of a buffer into integers, within a limit for the whole model. */
final class ConstantReader {
  private long left = Dimensions.MOST_ELEMENTS;

  /** The elements of a tensor, dense whatever the form in which they are stored. */
  IntegerTensor read(TensorInfo info, TfliteTensor stored, TfliteBuffer buffer) {
    IntegerType element = info.integers();
    int elements = count(info, buffer);
    if (stored.sparsity().isPresent()) {
      int present = SparseLayout.storedElements(info, stored.sparsity().get());
      int[] values = integers(buffer.data(), element, present, info);
      return new IntegerTensor(
          info.type(), SparseLayout.densify(info.shape(), stored.sparsity().get(), values));
    }
    return new IntegerTensor(info.type(), integers(buffer.data(), element, elements, info));
  }

  /** The elements of a tensor of 32-bit floats, which must be stored dense. */
  FloatTensor readFloats(TensorInfo info, TfliteTensor stored, TfliteBuffer buffer) {
    int elements = count(info, buffer);
    if (!info.type().isFloat() || stored.sparsity().isPresent()) {
      throw new Refusal(
          "tensor '%s', %s, is not stored as 32-bit floats".formatted(info.name(), info.type()),
          "convert the model again");
    }
    checkBytes(info, elements, (long) elements * Float.BYTES, buffer.data());
    float[] values = new float[elements];
    buffer.data().asFloatBuffer().get(values);
    return new FloatTensor(info.type(), values);
  }

  /** The elements of a tensor of 64-bit integers, which must be stored dense. */
  long[] readLongs(TensorInfo info, TfliteTensor stored, TfliteBuffer buffer) {
    int elements = count(info, buffer);
    if (!info.integers().equals(IntegerType.INT64) || stored.sparsity().isPresent()) {
      throw new Refusal(
          "tensor '%s', %s, is not stored as 64-bit integers".formatted(info.name(), info.type()),
          "convert the model again");
    }
    checkBytes(info, elements, (long) elements * Long.BYTES, buffer.data());
    long[] values = new long[elements];
    buffer.data().asLongBuffer().get(values);
    return values;
  }

  /** How many elements there are, counted against the limit. */
  private int count(TensorInfo info, TfliteBuffer buffer) {
    if (buffer.isBehindTables()) {
      throw new Refusal(
          "tensor '" + info.name() + "' is stored behind the tables, as in files above 2 GiB", "");
    }
    int elements = info.shape().elements();
    left -= elements;
    if (left < 0) {
      throw new Refusal(
          "the constants have more than " + Dimensions.MOST_ELEMENTS + " elements", "");
    }
    return elements;
  }

  private static void checkBytes(TensorInfo info, int elements, long bytes, ByteBuffer data) {
    if (data.remaining() != bytes) {
      throw new Refusal(
          "tensor '%s' of %d elements has %d bytes"
              .formatted(info.name(), elements, data.remaining()),
          "download or convert the model again");
    }
  }

  private static int[] integers(
      ByteBuffer data, IntegerType element, int elements, TensorInfo info) {
    long bits = (long) elements * (element.bits() < 8 ? element.bits() : storedBits(element));
    checkBytes(info, elements, (bits + 7) / 8, data);
    int[] values = new int[elements];
    for (int i = 0; i < elements; i++) {
      values[i] = integer(data, element, i, info);
    }
    return values;
  }

  private static int storedBits(IntegerType element) {
    return 8 * element.storageBytes();
  }

  private static int integer(ByteBuffer data, IntegerType element, int index, TensorInfo info) {
    long value =
        switch (element.bits()) {
          case 8 -> data.get(index);
          case 16 -> data.getShort(2 * index);
          case 32 -> data.getInt(4 * index);
          case 64 -> data.getLong(8 * index);
          default -> packed(data, element.bits(), index);
        };
    if (!element.signed()) {
      value &= element.maximum();
    }
    if (value != (int) value) {
      throw new Refusal(
          "tensor '" + info.name() + "' does not fit 32 bits: " + value,
          "check the scales in the model");
    }
    return (int) value;
  }

  /** Elements below 8 bits fill bytes from the least significant end; sign-extended. */
  private static int packed(ByteBuffer data, int bits, int index) {
    int first = index * bits;
    int high = Byte.toUnsignedInt(data.get(first / 8)) << (Integer.SIZE - bits - first % 8);
    return high >> (Integer.SIZE - bits);
  }
}
