// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.coding;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A canonical prefix code of least size among those whose words have at most so many bits. Source:
 * the lengths by package-merge (L. Larmore, D. Hirschberg, A Fast Algorithm for Optimal
 * Length-Limited Huffman Codes, Journal of the ACM 37, 1990); canonical codes as in RFC 1951,
 * section 3.2.2.
 *
 * <p>Symbols are numbered by rank: those with shorter words first, and their words ascend with the
 * ranks. So a decoder needs no tree. It looks at as many bits as the longest word has, the first
 * one highest: the word's length is the first whose {@linkplain #limit limit} is above them, and
 * the rank follows from the length and the bits by a sum.
 */
public final class PrefixCode {
  /** Bits of the longest words that a decoder can look at. */
  public static final int MOST_BITS = 12;

  /** Lengths of the words, by rank. */
  private final int[] lengths;

  /** The symbols, by rank. */
  private final List<Integer> symbols;

  private PrefixCode(int[] lengths, List<Integer> symbols) {
    this.lengths = lengths;
    this.symbols = List.copyOf(symbols);
  }

  /**
   * The code for symbols that occur so often.
   *
   * @param mostBits of a word, 1 to {@link #MOST_BITS}
   * @param counts one a symbol, at least 1 each; 1 to {@code 2^mostBits} symbols
   */
  public static PrefixCode of(int mostBits, long... counts) {
    if (mostBits < 1 || mostBits > MOST_BITS) {
      throw new IllegalArgumentException("words of " + mostBits + " bits");
    }
    if (counts.length < 1 || counts.length > 1 << mostBits) {
      throw new IllegalArgumentException(counts.length + " symbols");
    }
    if (Arrays.stream(counts).anyMatch(count -> count < 1)) {
      throw new IllegalArgumentException("every symbol occurs");
    }
    int[] ofSymbols = lengths(mostBits, counts);
    List<Integer> ranks =
        IntStream.range(0, counts.length)
            .boxed()
            .sorted(Comparator.comparingInt((Integer s) -> ofSymbols[s]))
            .toList();
    return new PrefixCode(ranks.stream().mapToInt(s -> ofSymbols[s]).toArray(), ranks);
  }

  /** A symbol, or two packages of the step before. */
  private record Coin(long weight, int symbol, List<Coin> packed) {
    void spend(int[] lengths) {
      if (packed.isEmpty()) {
        lengths[symbol]++;
      } else {
        packed.forEach(coin -> coin.spend(lengths));
      }
    }
  }

  private static int[] lengths(int mostBits, long[] counts) {
    int[] lengths = new int[counts.length];
    if (counts.length == 1) {
      lengths[0] = 1;
      return lengths;
    }
    List<Coin> symbols = new ArrayList<>();
    for (int symbol = 0; symbol < counts.length; symbol++) {
      symbols.add(new Coin(counts[symbol], symbol, List.of()));
    }
    List<Coin> coins = sorted(symbols);
    for (int bits = 1; bits < mostBits; bits++) {
      List<Coin> next = new ArrayList<>(symbols);
      for (int i = 0; i + 1 < coins.size(); i += 2) {
        List<Coin> pair = List.of(coins.get(i), coins.get(i + 1));
        next.add(new Coin(pair.get(0).weight + pair.get(1).weight, 0, pair));
      }
      coins = sorted(next);
    }
    coins.subList(0, 2 * counts.length - 2).forEach(coin -> coin.spend(lengths));
    return lengths;
  }

  private static List<Coin> sorted(List<Coin> coins) {
    List<Coin> sorted = new ArrayList<>(coins);
    sorted.sort(Comparator.comparingLong(Coin::weight));
    return sorted;
  }

  /** How many symbols there are. */
  public int size() {
    return lengths.length;
  }

  /** The symbols, by rank. */
  public List<Integer> symbols() {
    return symbols;
  }

  /** Bits of the word of a rank. */
  public int length(int rank) {
    return lengths[rank];
  }

  /** The words by rank, the first bit of each highest. */
  public int[] words() {
    int[] words = new int[lengths.length];
    for (int rank = 1; rank < words.length; rank++) {
      words[rank] = words[rank - 1] + 1 << lengths[rank] - lengths[rank - 1];
    }
    return words;
  }

  /** Bits of the longest word. */
  public int longest() {
    return lengths[lengths.length - 1];
  }

  /** The lengths that occur, ascending. */
  public List<Integer> lengths() {
    return Arrays.stream(lengths).distinct().boxed().toList();
  }

  /** The rank of the first word of a length that occurs: how many words are shorter. */
  public int base(int length) {
    return (int) Arrays.stream(lengths).filter(other -> other < length).count();
  }

  /** The first word of a length that occurs. */
  public int first(int length) {
    return words()[base(length)];
  }

  /** What is added to a word of a length for its rank; 0 if there is none. */
  public int offset(int length) {
    return lengths().contains(length) ? base(length) - first(length) : 0;
  }

  /**
   * What the bits that a decoder looks at are below if the word has this length or a shorter one;
   * {@code 2^longest} for the longest if the code is complete.
   */
  public int limit(int length) {
    return limit(length, longest());
  }

  /** The same for a decoder that looks at so many bits, at least {@link #longest}. */
  public int limit(int length, int bits) {
    return Arrays.stream(lengths).filter(other -> other <= length).map(l -> 1 << bits - l).sum();
  }
}
