// SPDX-License-Identifier: Apache-2.0
package dev.etch.compressed;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/** Text as UTF-8, deflated (RFC 1950). */
final class CompressedText {
  /** More is no model's text without its weights. */
  private static final int MOST_BYTES = 64 << 20;

  private static final int CHUNK = 1 << 14;

  private CompressedText() {}

  static byte[] deflate(String text) {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
    try {
      deflater.setInput(text.getBytes(StandardCharsets.UTF_8));
      deflater.finish();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] chunk = new byte[CHUNK];
      while (!deflater.finished()) {
        out.write(chunk, 0, deflater.deflate(chunk));
      }
      return out.toByteArray();
    } finally {
      deflater.end();
    }
  }

  /**
   * The text.
   *
   * @throws DamagedCode if it is none, or longer than any
   */
  static String inflate(byte[] bytes) {
    Inflater inflater = new Inflater();
    try {
      inflater.setInput(bytes);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] chunk = new byte[CHUNK];
      while (!inflater.finished()) {
        int count = inflater.inflate(chunk);
        if (count == 0 && !inflater.finished()) {
          throw new DamagedCode("its graph ends early");
        }
        out.write(chunk, 0, count);
        if (out.size() > MOST_BYTES) {
          throw new DamagedCode("its graph has more than " + MOST_BYTES + " bytes");
        }
      }
      if (inflater.getRemaining() > 0) {
        throw new DamagedCode("something follows its graph");
      }
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(out.toByteArray()))
          .toString();
    } catch (DataFormatException | CharacterCodingException e) {
      throw new DamagedCode("its graph is no deflated text");
    } finally {
      inflater.end();
    }
  }
}
