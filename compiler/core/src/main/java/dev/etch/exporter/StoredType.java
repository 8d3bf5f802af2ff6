// SPDX-License-Identifier: Apache-2.0
package dev.etch.exporter;

import dev.etch.diagnostic.CompilerBug;
import dev.etch.tensor.ElementType;
import dev.etch.tensor.FloatType;
import dev.etch.tensor.IntegerType;
import java.nio.ByteBuffer;

/** Element types of ONNX; integers of fewer bits are stored as those of 8. */
enum StoredType {
  FLOAT(1, Float.BYTES) {
    @Override
    void put(ByteBuffer raw, int value) {
      throw new CompilerBug("an integer as a float");
    }
  },
  UINT8(2, 1) {
    @Override
    void put(ByteBuffer raw, int value) {
      raw.put((byte) value);
    }
  },
  INT8(3, 1) {
    @Override
    void put(ByteBuffer raw, int value) {
      raw.put((byte) value);
    }
  },
  INT32(6, Integer.BYTES) {
    @Override
    void put(ByteBuffer raw, int value) {
      raw.putInt(value);
    }
  },
  INT64(7, Long.BYTES) {
    @Override
    void put(ByteBuffer raw, int value) {
      raw.putLong(value);
    }
  };

  private final int code;
  private final int bytes;

  StoredType(int code, int bytes) {
    this.code = code;
    this.bytes = bytes;
  }

  /** The type that holds all values of another. */
  static StoredType of(ElementType element) {
    if (element == FloatType.FLOAT32) {
      return FLOAT;
    }
    if (element instanceof IntegerType integers && integers.bits() <= 8) {
      return integers.signed() ? INT8 : UINT8;
    }
    if (element.equals(IntegerType.INT32)) {
      return INT32;
    }
    if (element.equals(IntegerType.INT64)) {
      return INT64;
    }
    throw new NotInOnnx(element + " in operator set 17", "quantize to at most 8 bits");
  }

  /** The number of {@code TensorProto.DataType}. */
  int code() {
    return code;
  }

  int bytes() {
    return bytes;
  }

  abstract void put(ByteBuffer raw, int value);
}
