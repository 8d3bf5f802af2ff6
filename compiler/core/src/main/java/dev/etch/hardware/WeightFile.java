// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import dev.etch.diagnostic.DiagnosticException;
import dev.etch.diagnostic.Location;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;

/**
 * A file of weights that a host loads: an image, and the model that it was made of. Little-endian
 * words of 32 bits: {@link #MAGIC}, the hash of the design, that of the host's part, the CRC of the
 * image, how many segments; of each its address, how many words, and these; then how many bytes the
 * model's text takes, without and with compression (RFC 1950), and its bytes; in the end the CRC-32
 * of everything before. If words stand in a memory outside, it begins with {@link #MAGIC_OUTSIDE}
 * instead, and how many bytes this has to hold, and these, are in front of the model's text.
 *
 * @param image what the hardware takes
 * @param outside what the memory outside has to hold; empty if there is none
 * @param hostHash of what the host computes around the accelerator
 * @param model text of the graph as it was imported
 */
public record WeightFile(WeightImage image, Optional<byte[]> outside, int hostHash, String model) {
  /** What a file begins with: "EWI1" in ASCII, the first letter in the first byte. */
  public static final int MAGIC = 0x31495745;

  /** What a file with words outside begins with: "EWO1". */
  public static final int MAGIC_OUTSIDE = 0x314f5745;

  /** Bytes of text for a byte of it compressed, at most (RFC 1951). */
  private static final int MOST_RATIO = 1032;

  /** The bytes of the file. */
  public byte[] bytes() {
    byte[] text = model.getBytes(StandardCharsets.UTF_8);
    byte[] packed = deflated(text);
    int words = 8 + 2 * image.segments().size() + image.words();
    int ofOutside = outside.map(held -> Integer.BYTES + held.length).orElse(0);
    ByteBuffer bytes =
        ByteBuffer.allocate(Integer.BYTES * words + ofOutside + packed.length)
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(outside.isPresent() ? MAGIC_OUTSIDE : MAGIC);
    bytes.putInt(image.designHash()).putInt(hostHash).putInt(image.crc());
    bytes.putInt(image.segments().size());
    for (WeightImage.Segment segment : image.segments()) {
      bytes.putInt(segment.address()).putInt(segment.words().length);
      Arrays.stream(segment.words()).forEach(bytes::putInt);
    }
    outside.ifPresent(held -> bytes.putInt(held.length).put(held));
    bytes.putInt(text.length).putInt(packed.length).put(packed);
    bytes.putInt(crc(bytes.array(), bytes.position()));
    return bytes.array();
  }

  /**
   * Reads a file.
   *
   * @param name of the file, for diagnostics
   * @throws DiagnosticException if it is damaged, or something else
   */
  public static WeightFile parse(String name, byte[] file) {
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int magic = file.length < Integer.BYTES ? 0 : bytes.getInt();
    if (magic != MAGIC && magic != MAGIC_OUTSIDE) {
      throw refused(name, "is no file of weights");
    }
    int end = file.length - Integer.BYTES;
    if (bytes.getInt(end) != crc(file, end)) {
      throw refused(name, "is damaged: its checksum is wrong");
    }
    try {
      return parse(name, bytes, magic == MAGIC_OUTSIDE);
    } catch (BufferUnderflowException | NegativeArraySizeException | DataFormatException e) {
      throw refused(name, "is damaged: what it says of its size is wrong");
    }
  }

  private static WeightFile parse(String name, ByteBuffer bytes, boolean isOutside)
      throws DataFormatException {
    int designHash = bytes.getInt();
    int hostHash = bytes.getInt();
    int crc = bytes.getInt();
    int count = bytes.getInt();
    List<WeightImage.Segment> segments = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int address = bytes.getInt();
      int[] words = new int[limited(bytes, bytes.getInt(), Integer.BYTES)];
      for (int word = 0; word < words.length; word++) {
        words[word] = bytes.getInt();
      }
      segments.add(new WeightImage.Segment(address, words));
    }
    Optional<byte[]> outside = isOutside ? Optional.of(counted(bytes)) : Optional.empty();
    int size = bytes.getInt();
    byte[] packed = counted(bytes);
    WeightImage image = new WeightImage(designHash, segments);
    if (image.crc() != crc || bytes.remaining() != Integer.BYTES) {
      throw refused(name, "is damaged: its words are not those that its header promises");
    }
    return new WeightFile(image, outside, hostHash, inflated(packed, size));
  }

  /** How many bytes, and these. */
  private static byte[] counted(ByteBuffer bytes) {
    byte[] counted = new byte[limited(bytes, bytes.getInt(), 1)];
    bytes.get(counted);
    return counted;
  }

  /** A number of elements that there are. */
  private static int limited(ByteBuffer bytes, int count, int size) {
    if (count < 0 || count > bytes.remaining() / size) {
      throw new BufferUnderflowException();
    }
    return count;
  }

  private static byte[] deflated(byte[] text) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater = new DeflaterOutputStream(packed)) {
      deflater.write(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }

  private static String inflated(byte[] packed, int size) throws DataFormatException {
    if (size < 0 || size > (long) MOST_RATIO * packed.length) {
      throw new DataFormatException();
    }
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(packed);
      byte[] text = new byte[size];
      if (inflater.inflate(text) != size || inflater.getRemaining() > 0) {
        throw new DataFormatException();
      }
      return new String(text, StandardCharsets.UTF_8);
    } finally {
      inflater.end();
    }
  }

  private static int crc(byte[] bytes, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  private static DiagnosticException refused(String name, String why) {
    return new DiagnosticException(
        Location.file(name), why, "make it anew: etch weights DIR MODEL -o FILE");
  }
}
