// SPDX-License-Identifier: Apache-2.0
package dev.etch.compressed;

import java.util.Arrays;
import java.util.Optional;

/**
 * The integer weights of a layer as bits, as Deep Compression and EIE store them: row-major, the
 * nonzero ones with how many zeros are in front of each. A distance has few bits; where more zeros
 * follow each other, one of them is stored as if it were a weight. Both, the number of a value in
 * the codebook and the distance, are words of a prefix code each. With distances of 0 bits all
 * zeros are stored: that is a dense layer. Source: S. Han, H. Mao, W. Dally, Deep Compression, ICLR
 * 2016.
 *
 * <p>In front stand what a decoder needs: bits of a distance (4), of an entry of the codebook (5)
 * and how many entries there are, less one (16); the codebook; how many weights are stored (32);
 * the lengths of the words of both codes. There is no code where there is but one symbol.
 *
 * @param bytes the bits
 * @param distanceBits of a distance before it is coded, 0 to 12
 * @param values that weights have, zeros among them if zeros are stored
 * @param stored weights, with zeros that are stored
 * @param weightCodeBits of all coded weights together
 * @param distanceCodeBits of all coded distances together
 */
public record SparseCode(
    byte[] bytes,
    int distanceBits,
    int values,
    int stored,
    long weightCodeBits,
    long distanceCodeBits) {
  private static final int MOST_DISTANCE_BITS = 12;
  private static final int DISTANCE_FIELD = 4;
  private static final int WIDTH_FIELD = 5;
  private static final int COUNT_FIELD = 16;
  private static final int HEADER = DISTANCE_FIELD + WIDTH_FIELD + COUNT_FIELD + Integer.SIZE;

  /** Encodes weights with the bits of a distance for which the code has the fewest bits. */
  public static SparseCode of(int... weights) {
    Entries best = Entries.of(0, weights);
    for (int bits = 1; bits <= MOST_DISTANCE_BITS; bits++) {
      Entries other = Entries.of(bits, weights);
      best = other.bits() < best.bits() ? other : best;
    }
    return best.encode();
  }

  /**
   * Encodes weights.
   *
   * @param distanceBits 0 to 12
   * @param weights with at most 4096 values
   */
  public static SparseCode withDistances(int distanceBits, int... weights) {
    return Entries.of(distanceBits, weights).encode();
  }

  /**
   * The weights that are stored.
   *
   * @param codebook values that they have, ascending
   * @param symbols their numbers in the codebook
   * @param distances zeros in front of each that are not stored
   * @param ofSymbols counts of the symbols
   * @param ofDistances counts of the distances
   */
  private record Entries(
      int distanceBits,
      int[] codebook,
      int[] symbols,
      int[] distances,
      long[] ofSymbols,
      long[] ofDistances) {

    static Entries of(int distanceBits, int[] weights) {
      int[] places = places(distanceBits, weights);
      int[] stored = Arrays.stream(places).map(place -> weights[place]).sorted().toArray();
      int[] codebook = distinct(stored);
      int[] symbols = new int[places.length];
      int[] distances = new int[places.length];
      long[] ofSymbols = new long[codebook.length];
      long[] ofDistances = new long[1 << distanceBits];
      for (int i = 0; i < places.length; i++) {
        symbols[i] = Arrays.binarySearch(codebook, weights[places[i]]);
        distances[i] = places[i] - (i == 0 ? 0 : places[i - 1] + 1);
        ofSymbols[symbols[i]]++;
        ofDistances[distances[i]]++;
      }
      return new Entries(distanceBits, codebook, symbols, distances, ofSymbols, ofDistances);
    }

    private static int[] distinct(int[] sorted) {
      int[] values = new int[sorted.length];
      int count = 0;
      for (int i = 0; i < sorted.length; i++) {
        if (i == 0 || sorted[i] != sorted[i - 1]) {
          values[count++] = sorted[i];
        }
      }
      return Arrays.copyOf(values, count);
    }

    /** Bits of an entry of the codebook. */
    int width() {
      return Arrays.stream(codebook).map(SparseCode::width).max().orElse(1);
    }

    long bits() {
      return HEADER
          + (long) width() * codebook.length
          + tableBits(ofSymbols)
          + tableBits(ofDistances)
          + codeBits(ofSymbols)
          + codeBits(ofDistances);
    }

    private static boolean hasCode(long[] counts) {
      return counts.length > 1 && Arrays.stream(counts).anyMatch(count -> count > 0);
    }

    private static long tableBits(long[] counts) {
      return hasCode(counts) ? SymbolCode.of(counts).tableBits() : 0;
    }

    private static long codeBits(long[] counts) {
      return hasCode(counts) ? SymbolCode.of(counts).bits(counts) : 0;
    }

    SparseCode encode() {
      BitWriter out = new BitWriter();
      out.write(distanceBits, DISTANCE_FIELD);
      out.write(width() - 1, WIDTH_FIELD);
      out.write(Math.max(0, codebook.length - 1), COUNT_FIELD);
      out.write(symbols.length, Integer.SIZE);
      Arrays.stream(codebook).forEach(value -> out.write(value, width()));
      Optional<SymbolCode> values = writeTable(ofSymbols, out);
      Optional<SymbolCode> gaps = writeTable(ofDistances, out);
      for (int i = 0; i < symbols.length; i++) {
        int distance = distances[i];
        int symbol = symbols[i];
        gaps.ifPresent(code -> code.write(distance, out));
        values.ifPresent(code -> code.write(symbol, out));
      }
      return new SparseCode(
          out.toBytes(),
          distanceBits,
          codebook.length,
          symbols.length,
          codeBits(ofSymbols),
          codeBits(ofDistances));
    }

    private static Optional<SymbolCode> writeTable(long[] counts, BitWriter out) {
      Optional<SymbolCode> code =
          hasCode(counts) ? Optional.of(SymbolCode.of(counts)) : Optional.empty();
      code.ifPresent(table -> table.writeTable(out));
      return code;
    }
  }

  /** Places of the weights that are stored, ascending: no zeros behind the last other weight. */
  private static int[] places(int distanceBits, int[] weights) {
    int end = weights.length;
    while (end > 0 && weights[end - 1] == 0) {
      end--;
    }
    int longest = (1 << distanceBits) - 1;
    int[] places = new int[end];
    int count = 0;
    int zeros = 0;
    for (int i = 0; i < end; i++) {
      if (weights[i] != 0 || zeros == longest) {
        places[count++] = i;
        zeros = 0;
      } else {
        zeros++;
      }
    }
    return Arrays.copyOf(places, count);
  }

  /** Bits of a number with its sign. */
  private static int width(int value) {
    return Integer.SIZE + 1 - Integer.numberOfLeadingZeros(value < 0 ? ~value : value);
  }

  /**
   * The weights.
   *
   * @param count how many there are
   * @throws DamagedCode if the bytes are no code of so many weights
   */
  public static int[] decode(byte[] bytes, int count) {
    BitReader in = new BitReader(bytes);
    int distanceBits = in.read(DISTANCE_FIELD);
    int width = in.read(WIDTH_FIELD) + 1;
    int values = in.read(COUNT_FIELD) + 1;
    int stored = in.read(Integer.SIZE);
    if (distanceBits > MOST_DISTANCE_BITS || stored < 0 || stored > count) {
      throw new DamagedCode("it has " + stored + " of " + count + " weights");
    }
    int[] weights = new int[count];
    if (stored > 0) {
      int[] codebook = new int[values];
      for (int i = 0; i < values; i++) {
        codebook[i] = (in.read(width) << (Integer.SIZE - width)) >> (Integer.SIZE - width);
      }
      readWeights(in, distanceBits, codebook, stored, weights);
    }
    if (in.left() > 0) {
      throw new DamagedCode("it goes on after its last weight");
    }
    return weights;
  }

  private static void readWeights(
      BitReader in, int distanceBits, int[] codebook, int stored, int[] weights) {
    int distances = 1 << distanceBits;
    SymbolCode values = codebook.length > 1 ? SymbolCode.readTable(in, codebook.length) : null;
    SymbolCode gaps = distances > 1 ? SymbolCode.readTable(in, distances) : null;
    int place = -1;
    for (int i = 0; i < stored; i++) {
      place += 1 + (gaps == null ? 0 : gaps.read(in));
      if (place >= weights.length) {
        throw new DamagedCode("a weight is behind the last one");
      }
      weights[place] = codebook[values == null ? 0 : values.read(in)];
    }
  }
}
