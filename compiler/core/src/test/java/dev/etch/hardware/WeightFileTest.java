// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.diagnostic.DiagnosticException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class WeightFileTest {
  private static final WeightFile FILE =
      new WeightFile(
          new WeightImage(
              0x89abcdef,
              List.of(
                  new WeightImage.Segment(0, new int[] {1, -2, 3}),
                  new WeightImage.Segment(64, new int[] {0x7fffffff}))),
          Optional.empty(),
          0x1234,
          "graph \"small\" with an ü\n".repeat(100));

  private static DiagnosticException refused(byte[] file) {
    DiagnosticException e =
        assertThrows(DiagnosticException.class, () -> WeightFile.parse("w.bin", file));
    assertTrue(e.getMessage().startsWith("w.bin: error: is "), e.getMessage());
    return e;
  }

  /** Changes a word, and makes the checksum of the whole fit. */
  private static byte[] forged(int word, int value) {
    return forged(FILE, word, value);
  }

  private static byte[] forged(WeightFile whole, int word, int value) {
    byte[] file = whole.bytes();
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(Integer.BYTES * word, value);
    CRC32 crc = new CRC32();
    crc.update(file, 0, file.length - Integer.BYTES);
    bytes.putInt(file.length - Integer.BYTES, (int) crc.getValue());
    return file;
  }

  @Test
  void isReadAsItWasWritten() {
    WeightFile read = WeightFile.parse("w.bin", FILE.bytes());
    assertEquals(FILE.hostHash(), read.hostHash());
    assertEquals(FILE.model(), read.model());
    assertEquals(FILE.image().designHash(), read.image().designHash());
    assertEquals(FILE.image().crc(), read.image().crc());
    assertArrayEquals(new int[] {1, -2, 3}, read.image().segments().get(0).words());
    assertEquals(64, read.image().segments().get(1).address());
  }

  private static final WeightFile OUTSIDE =
      new WeightFile(
          FILE.image(), Optional.of(new byte[] {5, -6, 7}), FILE.hostHash(), FILE.model());

  @Test
  void wordsOutsideAreInTheFile() {
    byte[] file = OUTSIDE.bytes();
    WeightFile read = WeightFile.parse("w.bin", file);
    assertArrayEquals(new byte[] {5, -6, 7}, read.outside().orElseThrow());
    assertEquals(FILE.model(), read.model());
    assertEquals(FILE.image().crc(), read.image().crc());
    assertEquals(Optional.empty(), WeightFile.parse("w.bin", FILE.bytes()).outside());
    for (int bit = 0; bit < 8 * file.length; bit++) {
      byte[] damaged = file.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      refused(damaged);
    }
    for (int size : new int[] {-1, 2, 4, Integer.MAX_VALUE}) {
      refused(forged(OUTSIDE, 5 + 2 * 2 + 4, size));
    }
  }

  @Test
  void everyBitCounts() {
    byte[] file = FILE.bytes();
    for (int bit = 0; bit < 8 * file.length; bit++) {
      byte[] damaged = file.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      refused(damaged);
    }
  }

  @Test
  void everyByteCounts() {
    byte[] file = FILE.bytes();
    for (int length = 0; length < file.length; length++) {
      refused(Arrays.copyOf(file, length));
    }
    refused(Arrays.copyOf(file, file.length + 1));
  }

  @Test
  void sizesThatLieAreRefused() {
    for (int value : new int[] {-1, 3, 1 << 20, Integer.MAX_VALUE}) {
      refused(forged(4, value));
      refused(forged(6, value == 3 ? 4 : value));
    }
    int text = 5 + 2 * 2 + 4;
    for (int value : new int[] {-1, 0, 1, Integer.MAX_VALUE}) {
      refused(forged(text, value));
      refused(forged(text + 1, value));
    }
  }
}
