// SPDX-License-Identifier: Apache-2.0
package dev.etch.compressed;

import dev.etch.hardware.coding.PrefixCode;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * A prefix code of symbols from 0, some of which may not occur. It is the hardware's code, {@link
 * PrefixCode}, of those that occur. The lengths of the words alone say what it is, so they are what
 * is stored, in {@link #LENGTH_BITS} bits each.
 */
final class SymbolCode {
  private static final int LENGTH_BITS = 4;

  /** Bits of each symbol's word; 0 if it does not occur. */
  private final int[] lengths;

  private final int[] words;

  /** Symbols that have a word of each length. */
  private final int[] counts = new int[PrefixCode.MOST_BITS + 1];

  /** The symbols that have words, shorter ones first. */
  private final int[] byWord;

  private SymbolCode(int[] lengths) {
    this.lengths = lengths;
    this.words = words(lengths);
    Arrays.stream(lengths).filter(length -> length > 0).forEach(length -> counts[length]++);
    this.byWord =
        IntStream.range(0, lengths.length)
            .filter(symbol -> lengths[symbol] > 0)
            .boxed()
            .sorted(Comparator.comparingInt(symbol -> lengths[symbol]))
            .mapToInt(Integer::intValue)
            .toArray();
  }

  /** The code of fewest bits for symbols that occur so often, at least one of them at all. */
  static SymbolCode of(long... counts) {
    int[] occurring = IntStream.range(0, counts.length).filter(s -> counts[s] > 0).toArray();
    int[] lengths = new int[counts.length];
    PrefixCode code =
        PrefixCode.of(
            PrefixCode.MOST_BITS, Arrays.stream(occurring).mapToLong(s -> counts[s]).toArray());
    for (int rank = 0; rank < occurring.length; rank++) {
      lengths[occurring[code.symbols().get(rank)]] = code.length(rank);
    }
    return new SymbolCode(lengths);
  }

  /** Canonical words as in RFC 1951, section 3.2.2: shorter ones first, then by symbol. */
  private static int[] words(int[] lengths) {
    int[] words = new int[lengths.length];
    int next = 0;
    for (int length = 1; length <= PrefixCode.MOST_BITS; length++) {
      next <<= 1;
      for (int symbol = 0; symbol < lengths.length; symbol++) {
        if (lengths[symbol] == length) {
          words[symbol] = next++;
        }
      }
    }
    return words;
  }

  /** Bits of symbols that occur so often. */
  long bits(long... counts) {
    long bits = 0;
    for (int symbol = 0; symbol < lengths.length; symbol++) {
      bits += counts[symbol] * lengths[symbol];
    }
    return bits;
  }

  /** Bits of the stored lengths. */
  long tableBits() {
    return (long) LENGTH_BITS * lengths.length;
  }

  void writeTable(BitWriter out) {
    for (int length : lengths) {
      out.write(length, LENGTH_BITS);
    }
  }

  static SymbolCode readTable(BitReader in, int symbols) {
    int[] lengths = new int[symbols];
    double room = 1;
    for (int symbol = 0; symbol < symbols; symbol++) {
      lengths[symbol] = in.read(LENGTH_BITS);
      if (lengths[symbol] > PrefixCode.MOST_BITS) {
        throw new DamagedCode("a code word has " + lengths[symbol] + " bits");
      }
      room -= lengths[symbol] == 0 ? 0 : Math.scalb(1.0, -lengths[symbol]);
    }
    if (room < 0) {
      throw new DamagedCode("its code words are not those of a prefix code");
    }
    return new SymbolCode(lengths);
  }

  void write(int symbol, BitWriter out) {
    out.write(words[symbol], lengths[symbol]);
  }

  /** Canonical words of a length are the numbers from its first on, in the order of symbols. */
  int read(BitReader in) {
    int word = 0;
    int first = 0;
    int rank = 0;
    for (int length = 1; length <= PrefixCode.MOST_BITS; length++) {
      word = word << 1 | in.read(1);
      first <<= 1;
      if (word - first < counts[length]) {
        return byWord[rank + word - first];
      }
      rank += counts[length];
      first += counts[length];
    }
    throw new DamagedCode("a code word is unknown");
  }
}
