// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import dev.etch.hardware.StreamType;

/**
 * Beats in short: how many, and a hash of their bytes in turn (FNV-1a with 64 bits; G. Fowler, L.
 * C. Noll, K.-P. Vo, The FNV Non-Cryptographic Hash Algorithm, IETF draft). A beat is as many bytes
 * as its bits take, the first element in the lowest bits.
 *
 * @param beats counted
 * @param hash of their bytes
 */
record QueueDigest(long beats, long hash) {
  private static final long PRIME = 0x100000001b3L;

  /** Of no beats. */
  static final QueueDigest EMPTY = new QueueDigest(0, 0xcbf29ce484222325L);

  /**
   * With more beats.
   *
   * @param elements of whole beats, in the order of the stream
   */
  QueueDigest plus(int[] elements, StreamType type) {
    int perBeat = type.elements();
    int bits = type.element().bits();
    byte[] beat = new byte[(perBeat * bits + Byte.SIZE - 1) / Byte.SIZE];
    long sum = hash;
    for (int from = 0; from < elements.length; from += perBeat) {
      java.util.Arrays.fill(beat, (byte) 0);
      for (int i = 0; i < perBeat; i++) {
        put(beat, i * bits, elements[from + i], bits);
      }
      for (byte b : beat) {
        sum = (sum ^ (b & 0xff)) * PRIME;
      }
    }
    return new QueueDigest(beats + elements.length / perBeat, sum);
  }

  private static void put(byte[] beat, int at, int element, int bits) {
    for (int done = 0; done < bits; ) {
      int place = at + done;
      int shift = place % Byte.SIZE;
      int taken = Math.min(Byte.SIZE - shift, bits - done);
      int part = (int) ((long) element >> done) & ((1 << taken) - 1);
      beat[place / Byte.SIZE] |= (byte) (part << shift);
      done += taken;
    }
  }
}
