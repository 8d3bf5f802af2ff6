// SPDX-License-Identifier: Apache-2.0
package dev.etch.compress.coding;

import java.util.Arrays;
import java.util.stream.IntStream;

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

  /** Encodes weights with the bits of a distance for which the code has the fewest bytes. */
  public static SparseCode of(int... weights) {
    return IntStream.rangeClosed(0, MOST_DISTANCE_BITS)
        .mapToObj(bits -> withDistances(bits, weights))
        .min((a, b) -> Integer.compare(a.bytes.length, b.bytes.length))
        .orElseThrow();
  }

  /**
   * Encodes weights.
   *
   * @param distanceBits 0 to 12
   * @param weights with at most 4096 values
   */
  public static SparseCode withDistances(int distanceBits, int... weights) {
    int[] places = places(distanceBits, weights);
    int[] codebook =
        Arrays.stream(places).map(place -> weights[place]).distinct().sorted().toArray();
    int[] symbols =
        Arrays.stream(places).map(p -> Arrays.binarySearch(codebook, weights[p])).toArray();
    int[] distances =
        IntStream.range(0, places.length)
            .map(i -> places[i] - (i == 0 ? 0 : places[i - 1] + 1))
            .toArray();
    BitWriter out = new BitWriter();
    writeHeader(distanceBits, codebook, places.length, out);
    if (places.length == 0) {
      return new SparseCode(out.toBytes(), distanceBits, 0, 0, 0, 0);
    }
    SymbolCode values = code(codebook.length, symbols, out);
    SymbolCode gaps = code(1 << distanceBits, distances, out);
    for (int i = 0; i < places.length; i++) {
      write(gaps, distances[i], 1 << distanceBits, out);
      write(values, symbols[i], codebook.length, out);
    }
    return new SparseCode(
        out.toBytes(),
        distanceBits,
        codebook.length,
        places.length,
        bits(values, symbols, codebook.length),
        bits(gaps, distances, 1 << distanceBits));
  }

  /** Places of the weights that are stored, ascending. */
  private static int[] places(int distanceBits, int[] weights) {
    int longest = (1 << distanceBits) - 1;
    int[] places = new int[weights.length];
    int count = 0;
    int zeros = 0;
    for (int i = 0; i < weights.length; i++) {
      boolean last = zeros == longest;
      if (weights[i] != 0 || (last && hasMore(weights, i))) {
        places[count++] = i;
        zeros = 0;
      } else {
        zeros = Math.min(zeros + 1, longest);
      }
    }
    return Arrays.copyOf(places, count);
  }

  /** Zeros behind the last weight that is not zero are not stored. */
  private static boolean hasMore(int[] weights, int from) {
    for (int i = from; i < weights.length; i++) {
      if (weights[i] != 0) {
        return true;
      }
    }
    return false;
  }

  private static void writeHeader(int distanceBits, int[] codebook, int stored, BitWriter out) {
    int width = Arrays.stream(codebook).map(SparseCode::width).max().orElse(1);
    out.write(distanceBits, DISTANCE_FIELD);
    out.write(width - 1, WIDTH_FIELD);
    out.write(Math.max(0, codebook.length - 1), COUNT_FIELD);
    out.write(stored, Integer.SIZE);
    if (stored > 0) {
      Arrays.stream(codebook).forEach(value -> out.write(value, width));
    }
  }

  /** Bits of a number with its sign. */
  private static int width(int value) {
    return 33 - Integer.numberOfLeadingZeros(value < 0 ? ~value : value);
  }

  private static SymbolCode code(int symbols, int[] occurring, BitWriter out) {
    SymbolCode code = SymbolCode.of(counts(symbols, occurring));
    if (symbols > 1) {
      code.writeTable(out);
    }
    return code;
  }

  private static long[] counts(int symbols, int[] occurring) {
    long[] counts = new long[symbols];
    Arrays.stream(occurring).forEach(symbol -> counts[symbol]++);
    return counts;
  }

  private static void write(SymbolCode code, int symbol, int symbols, BitWriter out) {
    if (symbols > 1) {
      code.write(symbol, out);
    }
  }

  private static long bits(SymbolCode code, int[] occurring, int symbols) {
    return symbols > 1 ? code.bits(counts(symbols, occurring)) : 0;
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
        codebook[i] = in.read(width) << 32 - width >> 32 - width;
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
