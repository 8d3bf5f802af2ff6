// SPDX-License-Identifier: Apache-2.0
package dev.etch.text;

import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Tensors as text: a list of numbers when short, else the little-endian bytes in hexadecimal (an
 * integer of up to 8 bits is one byte, up to 16 two, else four; a float four).
 */
final class TensorText {
  private static final int LONGEST_LIST = 32;

  private TensorText() {}

  static String print(Tensor tensor) {
    if (tensor.shape().elements() <= LONGEST_LIST) {
      return tensor.type() + " [" + numbers(tensor) + "]";
    }
    return tensor.type() + " x\"" + HexFormat.of().formatHex(bytes(tensor)) + "\"";
  }

  private static String numbers(Tensor tensor) {
    if (tensor instanceof IntegerTensor integers) {
      return Arrays.stream(integers.data())
          .mapToObj(String::valueOf)
          .collect(Collectors.joining(", "));
    }
    float[] data = ((FloatTensor) tensor).data();
    return IntStream.range(0, data.length)
        .mapToObj(i -> String.valueOf(data[i]))
        .collect(Collectors.joining(", "));
  }

  static Tensor ofNumbers(TensorType type, List<String> numbers) {
    if (type.isFloat()) {
      float[] data = new float[numbers.size()];
      for (int i = 0; i < data.length; i++) {
        data[i] = Float.parseFloat(numbers.get(i));
      }
      return new FloatTensor(type, data);
    }
    return new IntegerTensor(type, numbers.stream().mapToInt(Integer::parseInt).toArray());
  }

  static Tensor ofHex(TensorType type, String digits) {
    ByteBuffer bytes =
        ByteBuffer.wrap(HexFormat.of().parseHex(digits)).order(ByteOrder.LITTLE_ENDIAN);
    int elements = type.shape().elements();
    int width = width(type);
    if (bytes.remaining() != (long) elements * width) {
      throw new IllegalArgumentException(
          type + " needs " + (long) elements * width + " bytes, got " + bytes.remaining());
    }
    if (type.isFloat()) {
      float[] data = new float[elements];
      bytes.asFloatBuffer().get(data);
      return new FloatTensor(type, data);
    }
    boolean signed = !(type.element() instanceof IntegerType t) || t.signed();
    int[] data = new int[elements];
    for (int i = 0; i < elements; i++) {
      data[i] =
          switch (width) {
            case 1 -> signed ? bytes.get() : bytes.get() & 0xff;
            case 2 -> signed ? bytes.getShort() : bytes.getShort() & 0xffff;
            default -> bytes.getInt();
          };
    }
    return new IntegerTensor(type, data);
  }

  private static byte[] bytes(Tensor tensor) {
    int width = width(tensor.type());
    ByteBuffer bytes =
        ByteBuffer.allocate(tensor.shape().elements() * width).order(ByteOrder.LITTLE_ENDIAN);
    if (tensor instanceof FloatTensor floats) {
      bytes.asFloatBuffer().put(floats.data());
      return bytes.array();
    }
    for (int value : ((IntegerTensor) tensor).data()) {
      switch (width) {
        case 1 -> bytes.put((byte) value);
        case 2 -> bytes.putShort((short) value);
        default -> bytes.putInt(value);
      }
    }
    return bytes.array();
  }

  private static int width(TensorType type) {
    if (type.element() instanceof IntegerType t) {
      return Math.min(4, t.storageBytes());
    }
    return type.isFloat() ? 4 : 1;
  }
}
