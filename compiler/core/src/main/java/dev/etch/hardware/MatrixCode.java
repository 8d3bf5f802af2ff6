// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import dev.etch.hardware.MatrixProgram.Lane;
import dev.etch.hardware.arithmetic.Bits;
import dev.etch.hardware.coding.PrefixCode;
import dev.etch.hardware.memory.ConstantTable;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The lanes' words of a {@link MatrixProgram} in coded form. A lane's word of a step is its
 * distance and its weight. Their high bits together are a symbol of a {@link PrefixCode}, the same
 * for all lanes; their low bits, which are as good as random, stay in columns of the schedule.
 * Where weights have few values, a symbol has all of their bits, and the table of symbols is the
 * codebook (S. Han, H. Mao, W. Dally, Deep Compression, ICLR 2016).
 *
 * <p>A lane's image is what its decoder reads: the code words of its steps one after the other,
 * each from the highest bit of a word of the memory on.
 */
public final class MatrixCode {
  /** Bits of a word of an image: no code word is longer, so a step begins one at most. */
  public static final int IMAGE_BITS = 16;

  /** Words of an image behind the last step, which the decoder reads ahead. */
  private static final int AHEAD = 5;

  private static final int MOST_SYMBOLS = 512;

  private final Form form;
  private final PrefixCode code;
  private final List<Symbol> symbols;
  private final List<List<BigInteger>> images;
  private final int steps;

  /** What a lane does in a step, or its high bits. */
  private record Symbol(int distance, int weight) implements Comparable<Symbol> {
    @Override
    public int compareTo(Symbol other) {
      return weight == other.weight
          ? Integer.compare(distance, other.distance)
          : Integer.compare(weight, other.weight);
    }
  }

  /**
   * Which bits are coded.
   *
   * @param distanceBits of a distance
   * @param weightBits of the widest weight
   * @param distanceLow bits of a distance that are not coded
   * @param weightLow bits of a weight that are not
   */
  private record Form(int distanceBits, int weightBits, int distanceLow, int weightLow) {
    Symbol symbol(Symbol whole) {
      return new Symbol(whole.distance >> distanceLow, whole.weight >> weightLow);
    }

    int symbolBits() {
      return distanceBits - distanceLow + weightBits - weightLow;
    }
  }

  private MatrixCode(Form form, MatrixProgram program, Map<Symbol, Long> counts) {
    this.form = form;
    TreeMap<Symbol, Long> ofSymbols = symbols(form, counts);
    this.code = code(ofSymbols);
    List<Symbol> sorted = List.copyOf(ofSymbols.keySet());
    this.symbols = code.symbols().stream().map(sorted::get).toList();
    this.images = program.lanes().stream().map(this::image).toList();
    this.steps = program.steps();
  }

  /** The form that takes the fewest bits in all, tables of symbols included. */
  public static MatrixCode of(MatrixProgram program) {
    Map<Symbol, Long> counts = new HashMap<>();
    for (Lane lane : program.lanes()) {
      for (int step = 0; step < program.steps(); step++) {
        counts.merge(word(lane, step), 1L, Long::sum);
      }
    }
    int weightBits = Bits.signed(counts.keySet().stream().mapToLong(Symbol::weight).toArray());
    Form best = null;
    long fewest = Long.MAX_VALUE;
    for (int ofDistance = 0; ofDistance <= program.distanceBits(); ofDistance++) {
      for (int ofWeight = 0; ofWeight < weightBits; ofWeight++) {
        Form form = new Form(program.distanceBits(), weightBits, ofDistance, ofWeight);
        long bits = bits(form, counts, program.lanes().size());
        if (bits < fewest) {
          fewest = bits;
          best = form;
        }
      }
    }
    return new MatrixCode(best, program, counts);
  }

  private static Symbol word(Lane lane, int step) {
    return new Symbol(lane.distances().get(step), lane.weights().get(step));
  }

  private static TreeMap<Symbol, Long> symbols(Form form, Map<Symbol, Long> counts) {
    TreeMap<Symbol, Long> ofSymbols = new TreeMap<>();
    counts.forEach((whole, count) -> ofSymbols.merge(form.symbol(whole), count, Long::sum));
    return ofSymbols;
  }

  private static PrefixCode code(TreeMap<Symbol, Long> counts) {
    return PrefixCode.of(
        PrefixCode.MOST_BITS, counts.values().stream().mapToLong(Long::longValue).toArray());
  }

  /** All bits of a form; no form has more than the most symbols. */
  private static long bits(Form form, Map<Symbol, Long> counts, int lanes) {
    TreeMap<Symbol, Long> ofSymbols = symbols(form, counts);
    if (ofSymbols.size() > MOST_SYMBOLS) {
      return Long.MAX_VALUE;
    }
    PrefixCode code = code(ofSymbols);
    long[] sorted = ofSymbols.values().stream().mapToLong(Long::longValue).toArray();
    long bits = (long) lanes * code.size() * form.symbolBits();
    for (int rank = 0; rank < code.size(); rank++) {
      long count = sorted[code.symbols().get(rank)];
      bits += count * (code.length(rank) + form.distanceLow + form.weightLow);
    }
    return bits;
  }

  private List<BigInteger> image(Lane lane) {
    Map<Symbol, Integer> ranks = new HashMap<>();
    symbols.forEach(symbol -> ranks.put(symbol, ranks.size()));
    int[] words = code.words();
    List<BigInteger> image = new ArrayList<>();
    long open = 0;
    int bits = 0;
    for (int step = 0; step < lane.distances().size(); step++) {
      int rank = ranks.get(form.symbol(word(lane, step)));
      open = open << code.length(rank) | words[rank];
      bits += code.length(rank);
      if (bits >= IMAGE_BITS) {
        bits -= IMAGE_BITS;
        image.add(BigInteger.valueOf(open >>> bits));
        open &= (1L << bits) - 1;
      }
    }
    image.add(BigInteger.valueOf(open << IMAGE_BITS - bits));
    for (int word = 0; word < AHEAD; word++) {
      image.add(BigInteger.ZERO);
    }
    return image;
  }

  /** The code of the symbols. */
  public PrefixCode code() {
    return code;
  }

  /** The image of a lane, word by word. */
  public List<BigInteger> image(int lane) {
    return images.get(lane);
  }

  /** Bits of a distance that are in the schedule. */
  public int distanceLow() {
    return form.distanceLow;
  }

  /** Bits of a weight that are in the schedule. */
  public int weightLow() {
    return form.weightLow;
  }

  /** Bits of the widest weight. */
  public int weightBits() {
    return form.weightBits;
  }

  /** All bits: images, a table of symbols a lane, and what stays in the schedule. */
  public long bits() {
    long ofSchedule = (long) images.size() * steps * (form.distanceLow + form.weightLow);
    long ofTables = (long) images.size() * code.size() * form.symbolBits();
    return images.stream().mapToLong(image -> (long) image.size() * IMAGE_BITS).sum()
        + ofTables
        + ofSchedule;
  }

  /** The other bits of a distance: the low ones of a symbol. */
  public int distanceHigh() {
    return form.distanceBits - form.distanceLow;
  }

  /** The other bits of a weight: the high ones of a symbol. */
  public int weightHigh() {
    return form.weightBits - form.weightLow;
  }

  /** The symbols, by rank. */
  public ConstantTable table() {
    List<BigInteger> entries =
        symbols.stream()
            .map(
                symbol ->
                    BigInteger.valueOf(
                        (symbol.weight & (1L << weightHigh()) - 1) << distanceHigh()
                            | symbol.distance))
            .toList();
    return ConstantTable.of("symbol", 0, entries, form.symbolBits());
  }
}
