// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.coding;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PrefixCodeTest {
  /** Weights 1, 1, 2, 3, 5, 8: Huffman's words have 5, 5, 4, 3, 2 and 1 bits. */
  @Test
  void rareSymbolsHaveLongWords() {
    PrefixCode code = PrefixCode.of(12, 1, 1, 2, 3, 5, 8);
    assertEquals(List.of(5, 4, 3, 2, 0, 1), code.symbols());
    assertEquals(List.of(1, 2, 3, 4, 5), code.lengths());
    assertEquals(
        List.of(0b0, 0b10, 0b110, 0b1110, 0b11110, 0b11111),
        Arrays.stream(code.words()).boxed().toList());
  }

  /** By hand: with 3 bits at most, 2 words of 2 bits and 4 of 3. */
  @Test
  void noWordIsTooLong() {
    PrefixCode code = PrefixCode.of(3, 1, 1, 2, 3, 5, 8);
    assertEquals(
        List.of(2, 2, 3, 3, 3, 3), IntStream.range(0, 6).map(code::length).boxed().toList());
    assertThrows(IllegalArgumentException.class, () -> PrefixCode.of(2, 1, 1, 1, 1, 1));
  }

  @Test
  void oneSymbolHasABit() {
    PrefixCode code = PrefixCode.of(12, 7);
    assertEquals(1, code.longest());
    assertEquals(0, code.words()[0]);
    assertEquals(1, code.limit(1));
  }

  /** As a decoder does it: the first limit above the bits says the length, a sum the rank. */
  @Test
  void limitsAndSumsDecodeEveryWord() {
    Random random = new Random(3);
    for (int round = 0; round < 60; round++) {
      long[] counts = counts(random, 1 + random.nextInt(400));
      PrefixCode code = PrefixCode.of(9 + random.nextInt(4), counts);
      int[] words = code.words();
      for (int rank = 0; rank < code.size(); rank++) {
        int spare = code.longest() - code.length(rank);
        int bits = words[rank] << spare | random.nextInt(1 << spare);
        int length =
            code.lengths().stream().filter(l -> bits < code.limit(l)).findFirst().orElseThrow();
        assertEquals(code.length(rank), length);
        int found = (bits >> code.longest() - length) + code.base(length) - code.first(length);
        assertEquals(rank, found);
      }
    }
  }

  /** Where no limit matters, the code is as good as Huffman's; where one does, it is complete. */
  @Test
  void noCodeIsShorter() {
    Random random = new Random(4);
    for (int round = 0; round < 40; round++) {
      long[] counts = counts(random, 2 + random.nextInt(60));
      PrefixCode code = PrefixCode.of(12, counts);
      long bits = 0;
      double room = 0;
      for (int rank = 0; rank < code.size(); rank++) {
        bits += counts[code.symbols().get(rank)] * code.length(rank);
        room += Math.pow(2, -code.length(rank));
      }
      assertEquals(1, room);
      if (code.longest() < 12) {
        assertEquals(huffman(counts), bits);
      } else {
        assertTrue(bits >= huffman(counts));
      }
    }
  }

  private static long[] counts(Random random, int symbols) {
    return random.ints(symbols, 0, 1 + random.nextInt(12)).mapToLong(s -> 1 + (1L << s)).toArray();
  }

  /** Bits of Huffman's code: the sum of all nodes within the tree. */
  private static long huffman(long[] counts) {
    PriorityQueue<Long> open = new PriorityQueue<>(Arrays.stream(counts).boxed().toList());
    long bits = 0;
    while (open.size() > 1) {
      long node = open.remove() + open.remove();
      bits += node;
      open.add(node);
    }
    return bits;
  }
}
