// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.data;

import dev.etch.tensor.Shape;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An array of NumPy's NPY format, versions 1 to 3: unsigned and signed integers of 8 to 64 bits,
 * booleans and floats of 32 and 64 bits, in row-major order. Source: numpy.lib.format.
 *
 * @param dimensions extents, outermost first
 * @param elements row-major
 */
record NumpyArray(List<Integer> dimensions, Elements elements) {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int LONGEST_HEADER = 1 << 16;
  private static final Pattern TYPE = Pattern.compile("'descr'\\s*:\\s*'([<>|=]?)([a-z]\\d)'");
  private static final Pattern ORDER = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
  private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([\\d,\\s]*)\\)");

  NumpyArray {
    dimensions = List.copyOf(dimensions);
  }

  /**
   * Reads an array; does not close the stream.
   *
   * @param file for diagnostics
   */
  static NumpyArray read(String file, InputStream stream) throws IOException {
    DataInputStream in = new DataInputStream(stream);
    try {
      String header = header(file, in);
      return elements(file, header, in);
    } catch (EOFException e) {
      throw DataProblem.in(file, "ends within its header", "fetch it again");
    }
  }

  /** All extents but the first. */
  Shape item() {
    return new Shape(dimensions.subList(1, dimensions.size()));
  }

  private static String header(String file, DataInputStream in) throws IOException {
    byte[] magic = in.readNBytes(MAGIC.length);
    if (!java.util.Arrays.equals(magic, MAGIC)) {
      throw DataProblem.in(file, "is no NPY array", "write it with numpy.save or numpy.savez");
    }
    int version = in.readUnsignedByte();
    in.readUnsignedByte();
    int length =
        version == 1
            ? Short.toUnsignedInt(Short.reverseBytes(in.readShort()))
            : Integer.reverseBytes(in.readInt());
    if (version < 1 || version > 3 || length < 0 || length > LONGEST_HEADER) {
      throw DataProblem.in(file, "is an NPY array of unknown version " + version, "use 1, 2 or 3");
    }
    byte[] text = new byte[length];
    in.readFully(text);
    return new String(text, StandardCharsets.UTF_8);
  }

  private static NumpyArray elements(String file, String header, DataInputStream in)
      throws IOException {
    Matcher type = find(file, TYPE, header, "element type");
    if (find(file, ORDER, header, "order").group(1).equals("True")) {
      throw DataProblem.in(
          file, "is in column-major order", "save numpy.ascontiguousarray(array) instead");
    }
    List<Integer> dimensions = new ArrayList<>();
    for (String extent : find(file, SHAPE, header, "shape").group(1).split(",", -1)) {
      if (!extent.isBlank()) {
        dimensions.add(extent(file, extent.strip()));
      }
    }
    long[] extents = dimensions.stream().mapToLong(Integer::longValue).toArray();
    int count = DataProblem.elements(file, extents);
    Elements elements = decode(file, type, count, in);
    if (in.read() >= 0) {
      throw DataProblem.in(file, "goes on after its last element", "fetch it again");
    }
    return new NumpyArray(dimensions, elements);
  }

  private static int extent(String file, String digits) {
    try {
      return Integer.parseInt(digits);
    } catch (NumberFormatException e) {
      throw DataProblem.in(file, "says that it has an extent of " + digits, "fetch it again");
    }
  }

  private static Matcher find(String file, Pattern pattern, String header, String what) {
    Matcher matcher = pattern.matcher(header);
    if (!matcher.find()) {
      throw DataProblem.in(
          file,
          "has a header that states no " + what + " that is supported",
          "integers of 8 to 64 bits, booleans, float32 and float64 are");
    }
    return matcher;
  }

  private static Elements decode(String file, Matcher type, int count, InputStream in)
      throws IOException {
    char kind = type.group(2).charAt(0);
    int width = type.group(2).charAt(1) - '0';
    if ("uibf".indexOf(kind) < 0 || (kind == 'f' && width < 4) || Integer.bitCount(width) != 1) {
      throw DataProblem.in(
          file,
          "has elements of type " + type.group(2),
          "integers of 8 to 64 bits, booleans, float32 and float64 are supported");
    }
    if (kind != 'f' && kind != 'i' && width == 1) {
      return new Elements.Bytes(bytes(file, (long) count * width, in));
    }
    boolean big = type.group(1).equals(">");
    ByteOrder order = big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    float[] data = new float[count];
    int chunk = 1 << 16;
    for (int first = 0; first < count; first += chunk) {
      int some = Math.min(chunk, count - first);
      ByteBuffer buffer = ByteBuffer.wrap(bytes(file, (long) some * width, in)).order(order);
      for (int i = 0; i < some; i++) {
        data[first + i] = number(kind, width, buffer);
      }
    }
    return new Elements.Floats(data);
  }

  private static byte[] bytes(String file, long wanted, InputStream in) throws IOException {
    if (wanted > Integer.MAX_VALUE) {
      throw DataProblem.in(file, "has more than 2^31 bytes", "give a part of it");
    }
    byte[] data = in.readNBytes((int) wanted);
    if (data.length < wanted) {
      throw DataProblem.in(file, "ends before its last element", "fetch it again");
    }
    return data;
  }

  private static float number(char kind, int width, ByteBuffer buffer) {
    if (kind == 'f') {
      return width == 4 ? buffer.getFloat() : (float) buffer.getDouble();
    }
    boolean signed = kind == 'i';
    return switch (width) {
      case 1 -> signed ? buffer.get() : Byte.toUnsignedInt(buffer.get());
      case 2 -> signed ? buffer.getShort() : Short.toUnsignedInt(buffer.getShort());
      case 4 -> signed ? buffer.getInt() : Integer.toUnsignedLong(buffer.getInt());
      default -> buffer.getLong();
    };
  }
}
