// SPDX-License-Identifier: Apache-2.0
package dev.etch.reference;

import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import dev.etch.tensor.ElementType;
import dev.etch.tensor.FloatTensor;
import dev.etch.tensor.IntegerTensor;
import dev.etch.tensor.IntegerType;
import dev.etch.tensor.Tensor;
import dev.etch.tensor.TensorType;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Raw little-endian tensors in a file, frames one after another, nothing else. An integer element
 * takes {@link IntegerType#storageBytes} bytes, a float32 4, a boolean 1.
 */
public final class RawTensorFile {
  private RawTensorFile() {}

  /** Bytes of one frame of {@code type}. */
  public static long frameBytes(TensorType type) {
    return (long) type.shape().elements() * elementBytes(type.element());
  }

  /**
   * Every frame of a file.
   *
   * @throws DiagnosticException if the file cannot be read, ends within a frame, or holds a value
   *     that is not of the element type
   */
  public static List<Tensor> read(Path file, TensorType type) {
    long frame = frameBytes(type);
    if (frame > Integer.MAX_VALUE) {
      throw problem(file, type + " is too large for a frame of a file", "use a smaller batch");
    }
    List<Tensor> frames = new ArrayList<>();
    try (InputStream stream = new BufferedInputStream(Files.newInputStream(file))) {
      for (byte[] bytes = stream.readNBytes((int) frame);
          bytes.length > 0;
          bytes = stream.readNBytes((int) frame)) {
        if (bytes.length < frame) {
          throw problem(
              file,
              "ends with %d bytes of frame %d, but a frame of %s has %d bytes"
                  .formatted(bytes.length, frames.size() + 1, type, frame),
              "write whole frames, little-endian, one after another");
        }
        frames.add(decode(file, type, ByteBuffer.wrap(bytes)));
      }
    } catch (IOException e) {
      throw problem(file, "cannot be read: " + e.getMessage(), "");
    }
    return frames;
  }

  /**
   * Writes frames one after another, replacing the file.
   *
   * @throws IOException if the file cannot be written
   */
  public static void write(Path file, List<Tensor> frames) throws IOException {
    try (OutputStream stream = new BufferedOutputStream(Files.newOutputStream(file))) {
      for (Tensor frame : frames) {
        stream.write(encode(frame));
      }
    }
  }

  /** One frame as bytes. */
  public static byte[] encode(Tensor tensor) {
    int bytes = elementBytes(tensor.type().element());
    ByteBuffer buffer =
        ByteBuffer.allocate(Math.toIntExact(frameBytes(tensor.type())))
            .order(ByteOrder.LITTLE_ENDIAN);
    if (tensor instanceof FloatTensor floats) {
      for (float value : floats.data()) {
        buffer.putFloat(value);
      }
      return buffer.array();
    }
    for (int value : ((IntegerTensor) tensor).data()) {
      putInteger(buffer, value, bytes);
    }
    return buffer.array();
  }

  private static Tensor decode(Path file, TensorType type, ByteBuffer buffer) {
    buffer.order(ByteOrder.LITTLE_ENDIAN);
    int elements = type.shape().elements();
    if (type.isFloat()) {
      float[] data = new float[elements];
      for (int i = 0; i < elements; i++) {
        data[i] = buffer.getFloat();
      }
      return new FloatTensor(type, data);
    }
    int[] data = new int[elements];
    for (int i = 0; i < elements; i++) {
      long value = getInteger(buffer, type.element());
      if (value != (int) value || !holds(type.element(), value)) {
        throw problem(file, "holds " + value + ", which is not a usable " + type.element(), "");
      }
      data[i] = (int) value;
    }
    return new IntegerTensor(type, data);
  }

  private static void putInteger(ByteBuffer buffer, int value, int bytes) {
    switch (bytes) {
      case 1 -> buffer.put((byte) value);
      case 2 -> buffer.putShort((short) value);
      case 4 -> buffer.putInt(value);
      default -> buffer.putLong(value);
    }
  }

  private static long getInteger(ByteBuffer buffer, ElementType element) {
    boolean signed = element instanceof IntegerType t && t.signed();
    return switch (elementBytes(element)) {
      case 1 -> signed ? buffer.get() : Byte.toUnsignedLong(buffer.get());
      case 2 -> signed ? buffer.getShort() : Short.toUnsignedLong(buffer.getShort());
      case 4 -> signed ? buffer.getInt() : Integer.toUnsignedLong(buffer.getInt());
      default -> buffer.getLong();
    };
  }

  private static boolean holds(ElementType element, long value) {
    return element instanceof IntegerType t ? t.contains(value) : value == 0 || value == 1;
  }

  private static int elementBytes(ElementType element) {
    if (element instanceof IntegerType integer) {
      return integer.storageBytes();
    }
    return element == dev.etch.tensor.BooleanType.BOOLEAN ? 1 : Float.BYTES;
  }

  private static DiagnosticException problem(Path file, String message, String help) {
    return new DiagnosticException(Location.file(file.toString()), message, help);
  }
}
