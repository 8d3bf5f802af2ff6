// SPDX-License-Identifier: Apache-2.0
package dev.etch.compressed;

import dev.etch.diagnostic.DiagnosticException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;

/**
 * A part of a file of {@link CompressedModel}: kind (1 byte), length of the payload (4), payload,
 * CRC-32 of all that (4). The file is {@link #MAGIC}, the version (2), sections, and an {@link
 * Kind#END} whose payload is the CRC-32 of the whole file in front of it, so that neither a section
 * that is lost nor one that is there twice goes unnoticed. Numbers have their highest byte first.
 *
 * @param payload not copied
 */
record Section(Kind kind, byte[] payload) {
  /** As that of PNG: not ASCII, and line ends that a transfer as text would change. */
  static final byte[] MAGIC = {(byte) 0x89, 'E', 'T', 'C', 'H', 'Z', '\r', '\n'};

  static final int VERSION = 1;

  private static final int HEADER = MAGIC.length + Short.BYTES;
  private static final int FRAME = 1 + Integer.BYTES + Integer.BYTES;

  /** What a section holds; its byte in the file is the ordinal. */
  enum Kind {
    END,
    GRAPH,
    WEIGHTS
  }

  static byte[] write(List<Section> sections) {
    int length = HEADER + FRAME + Integer.BYTES;
    for (Section section : sections) {
      length += FRAME + section.payload.length;
    }
    ByteBuffer file = ByteBuffer.allocate(length);
    file.put(MAGIC).putShort((short) VERSION);
    sections.forEach(section -> section.put(file));
    byte[] whole = ByteBuffer.allocate(Integer.BYTES).putInt(crc(file, 0)).array();
    new Section(Kind.END, whole).put(file);
    return file.array();
  }

  private void put(ByteBuffer file) {
    int start = file.position();
    file.put((byte) kind.ordinal()).putInt(payload.length).put(payload);
    file.putInt(crc(file, start));
  }

  /** Of what is between {@code from} and the buffer's position. */
  private static int crc(ByteBuffer file, int from) {
    CRC32 crc = new CRC32();
    crc.update(file.array(), from, file.position() - from);
    return (int) crc.getValue();
  }

  /**
   * The sections in front of the end.
   *
   * @throws DiagnosticException if the bytes are not exactly what {@link #write} gives for some
   */
  static List<Section> read(String file, byte[] bytes) {
    if (!isMagic(bytes)) {
      throw Damage.of(file, "it does not begin as a compressed model does");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    in.position(MAGIC.length);
    requireVersion(file, in);
    List<Section> sections = new ArrayList<>();
    while (true) {
      int start = in.position();
      Section section = next(file, in, sections.size() + 1);
      if (section.kind == Kind.END) {
        in.limit(in.position()).position(start);
        requireEnd(file, in, section, bytes.length);
        return sections;
      }
      sections.add(section);
    }
  }

  /** Whether these are the first bytes of such a file. */
  static boolean isMagic(byte[] head) {
    return head.length >= MAGIC.length
        && Arrays.equals(head, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
  }

  private static void requireVersion(String file, ByteBuffer in) {
    if (in.remaining() < Short.BYTES) {
      throw Damage.of(file, "it ends early");
    }
    int version = in.getShort();
    if (version != VERSION) {
      throw Damage.of(
          file,
          "it has version " + version + " of the format, and this Etch reads " + VERSION,
          "read it with the Etch that wrote it, or make it again");
    }
  }

  private static Section next(String file, ByteBuffer in, int number) {
    int start = in.position();
    if (in.remaining() < FRAME) {
      throw Damage.of(file, "it ends early, in front of section " + number);
    }
    int kind = in.get();
    int length = in.getInt();
    if (length < 0 || length > in.remaining() - Integer.BYTES) {
      throw Damage.of(file, "it ends early, in section " + number);
    }
    byte[] payload = new byte[length];
    in.get(payload);
    int crc = crc(in, start);
    if (crc != in.getInt()) {
      throw Damage.of(file, "section " + number + " has a wrong checksum");
    }
    if (kind < 0 || kind >= Kind.values().length) {
      throw Damage.of(file, "section " + number + " is of an unknown kind, " + kind);
    }
    return new Section(Kind.values()[kind], payload);
  }

  /** The buffer stands in front of the end, and its limit behind it. */
  private static void requireEnd(String file, ByteBuffer in, Section end, int length) {
    boolean isWhole =
        end.payload.length == Integer.BYTES && ByteBuffer.wrap(end.payload).getInt() == crc(in, 0);
    if (!isWhole) {
      throw Damage.of(file, "a section is lost, or there twice");
    }
    if (in.limit() != length) {
      throw Damage.of(file, "it goes on behind its end");
    }
  }
}
