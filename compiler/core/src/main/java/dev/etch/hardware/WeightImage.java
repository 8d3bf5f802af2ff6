// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;

/**
 * The words of all memories that the host loads, as the hardware takes them: the hash of the
 * design, then for each memory its address and its words.
 *
 * @param designHash of the design that it is for
 * @param segments in the order in which they are sent
 */
public record WeightImage(int designHash, List<Segment> segments) {
  public WeightImage {
    segments = List.copyOf(segments);
  }

  /** Neighbouring words. */
  public record Segment(int address, int[] words) {}

  /** Words without the hash. */
  public int words() {
    return segments.stream().mapToInt(segment -> segment.words().length).sum();
  }

  /**
   * CRC-32 (IEEE 802.3) of the hash and all addresses and words in the order in which they are
   * sent, the lowest byte of each first.
   */
  public int crc() {
    CRC32 crc = new CRC32();
    update(crc, designHash);
    for (Segment segment : segments) {
      update(crc, segment.address());
      Arrays.stream(segment.words()).forEach(word -> update(crc, word));
    }
    return (int) crc.getValue();
  }

  private static void update(CRC32 crc, int word) {
    crc.update(ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(0, word));
  }
}
