// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import dev.etch.diagnostic.CompilerBug;
import dev.etch.hardware.MatrixProgram.Lane;
import dev.etch.hardware.arithmetic.Bits;
import dev.etch.hardware.coding.PrefixCode;
import dev.etch.hardware.memory.ConstantTable;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The lanes' words of a {@link MatrixProgram} in coded form. A lane's word of a step is its
 * distance and its weight. Their high bits together are a symbol of a {@link PrefixCode}, the same
 * for all lanes; their low bits, which are as good as random, stay in columns of the schedule.
 * Where weights have few values, a symbol has all of their bits, and the table of symbols is the
 * codebook (S. Han, H. Mao, W. Dally, Deep Compression, ICLR 2016). Where there is no schedule to
 * hold the low bits, they follow their code word.
 *
 * <p>A lane's image is what its decoder reads: the code words of its steps one after the other,
 * each from the highest bit of a word of the memory on.
 */
public final class MatrixCode {
  /** Bits of a word of an image. No step takes more, so it begins one word at most. */
  private static final int NARROW = 16;

  /** The same where no form would have so few, because low bits follow the code words. */
  private static final int WIDE = 32;

  /** Words of an image behind the last step, which the decoder reads ahead. */
  private static final int AHEAD = 5;

  private static final int MOST_SYMBOLS = 512;

  private final Form form;
  private final boolean whole;
  private final int imageBits;
  private final PrefixCode code;
  private final List<Symbol> symbols;
  private final MatrixProgram program;
  private final Map<Symbol, Integer> ranks = new HashMap<>();
  private final List<List<BigInteger>> images;

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
   * @param mostBits of a code word
   */
  private record Form(
      int distanceBits, int weightBits, int distanceLow, int weightLow, int mostBits) {
    Symbol symbol(Symbol whole) {
      return new Symbol(whole.distance >> distanceLow, whole.weight >> weightLow);
    }

    int symbolBits() {
      return distanceBits - distanceLow + weightBits - weightLow;
    }

    int lowBits() {
      return distanceLow + weightLow;
    }

    /** The low bits, the distance's above. */
    int low(Symbol whole) {
      return (whole.distance & (1 << distanceLow) - 1) << weightLow
          | whole.weight & (1 << weightLow) - 1;
    }
  }

  private MatrixCode(
      Form form, boolean whole, int imageBits, MatrixProgram program, Map<Symbol, Long> counts) {
    this.form = form;
    this.whole = whole;
    this.imageBits = imageBits;
    TreeMap<Symbol, Long> ofSymbols = symbols(form, counts);
    this.code = code(form, ofSymbols);
    List<Symbol> sorted = List.copyOf(ofSymbols.keySet());
    this.symbols = code.symbols().stream().map(sorted::get).toList();
    this.symbols.forEach(symbol -> ranks.put(symbol, ranks.size()));
    this.program = program;
    this.images = program.lanes().stream().map(this::image).toList();
  }

  /**
   * The form that takes the fewest bits in all, tables of symbols included. Low bits are in columns
   * of the schedule.
   */
  public static MatrixCode of(MatrixProgram program) {
    return of(program, false);
  }

  /** The same with the low bits behind the code words, so that images say all. */
  public static MatrixCode whole(MatrixProgram program) {
    return of(program, true);
  }

  private static MatrixCode of(MatrixProgram program, boolean whole) {
    Map<Symbol, Long> counts = new HashMap<>();
    for (Lane lane : program.lanes()) {
      for (int step = 0; step < program.steps(); step++) {
        counts.merge(word(lane, step), 1L, Long::sum);
      }
    }
    int weightBits = Bits.signed(counts.keySet().stream().mapToLong(Symbol::weight).toArray());
    for (int imageBits : new int[] {NARROW, WIDE}) {
      List<Form> forms = forms(program.distanceBits(), weightBits, whole, imageBits);
      Optional<Form> best = best(forms, counts, program.lanes().size());
      if (best.isPresent()) {
        return new MatrixCode(best.get(), whole, imageBits, program, counts);
      }
    }
    throw new CompilerBug("no code for distances and weights together");
  }

  /** Those whose steps take at most a word of an image. */
  private static List<Form> forms(int distanceBits, int weightBits, boolean whole, int imageBits) {
    List<Form> forms = new ArrayList<>();
    for (int ofDistance = 0; ofDistance <= distanceBits; ofDistance++) {
      for (int ofWeight = 0; ofWeight < weightBits; ofWeight++) {
        int rest = whole ? imageBits - ofDistance - ofWeight : imageBits;
        if (rest > 0) {
          int mostBits = Math.min(PrefixCode.MOST_BITS, rest);
          forms.add(new Form(distanceBits, weightBits, ofDistance, ofWeight, mostBits));
        }
      }
    }
    return forms;
  }

  private static Optional<Form> best(List<Form> forms, Map<Symbol, Long> counts, int lanes) {
    Form best = null;
    long fewest = Long.MAX_VALUE;
    for (Form form : forms) {
      long bits = bits(form, counts, lanes);
      if (bits < fewest) {
        fewest = bits;
        best = form;
      }
    }
    return Optional.ofNullable(best);
  }

  private static Symbol word(Lane lane, int step) {
    return new Symbol(lane.distances().get(step), lane.weights().get(step));
  }

  private static TreeMap<Symbol, Long> symbols(Form form, Map<Symbol, Long> counts) {
    TreeMap<Symbol, Long> ofSymbols = new TreeMap<>();
    counts.forEach((whole, count) -> ofSymbols.merge(form.symbol(whole), count, Long::sum));
    return ofSymbols;
  }

  private static PrefixCode code(Form form, TreeMap<Symbol, Long> counts) {
    return PrefixCode.of(
        form.mostBits, counts.values().stream().mapToLong(Long::longValue).toArray());
  }

  /** All bits of a form; the most of all numbers if it has too many symbols. */
  private static long bits(Form form, Map<Symbol, Long> counts, int lanes) {
    TreeMap<Symbol, Long> ofSymbols = symbols(form, counts);
    if (ofSymbols.size() > Math.min(MOST_SYMBOLS, 1 << form.mostBits)) {
      return Long.MAX_VALUE;
    }
    PrefixCode code = code(form, ofSymbols);
    long[] sorted = ofSymbols.values().stream().mapToLong(Long::longValue).toArray();
    long bits = (long) lanes * code.size() * form.symbolBits();
    for (int rank = 0; rank < code.size(); rank++) {
      long count = sorted[code.symbols().get(rank)];
      bits += count * (code.length(rank) + form.lowBits());
    }
    return bits;
  }

  private List<BigInteger> image(Lane lane) {
    int[] words = code.words();
    List<BigInteger> image = new ArrayList<>();
    long open = 0;
    int bits = 0;
    for (int step = 0; step < lane.distances().size(); step++) {
      Symbol word = word(lane, step);
      int rank = ranks.get(form.symbol(word));
      open = open << code.length(rank) | words[rank];
      bits += code.length(rank);
      if (whole) {
        open = open << form.lowBits() | form.low(word);
        bits += form.lowBits();
      }
      if (bits >= imageBits) {
        bits -= imageBits;
        image.add(BigInteger.valueOf(open >>> bits));
        open &= (1L << bits) - 1;
      }
    }
    image.add(BigInteger.valueOf(open << imageBits - bits));
    for (int word = 0; word < AHEAD; word++) {
      image.add(BigInteger.ZERO);
    }
    return image;
  }

  /** The code of the symbols. */
  public PrefixCode code() {
    return code;
  }

  /** Bits of a word of an image. */
  public int imageBits() {
    return imageBits;
  }

  /** The image of a lane, word by word. */
  public List<BigInteger> image(int lane) {
    return images.get(lane);
  }

  /** Bits of the image that a lane's step takes. */
  public int bits(int lane, int step) {
    return code.length(ranks.get(form.symbol(word(program.lanes().get(lane), step)))) + behind();
  }

  /** Bits that a decoder takes of what follows the last step: zeros. */
  public int bitsOfZeros() {
    return code.length(0) + behind();
  }

  /** Bits that follow each code word in the image. */
  public int behind() {
    return whole ? form.lowBits() : 0;
  }

  /** Bits of a distance that are not in the symbol: in the schedule, or in the image. */
  public int distanceLow() {
    return form.distanceLow;
  }

  /** The same of a weight. */
  public int weightLow() {
    return form.weightLow;
  }

  /** Bits of the widest weight. */
  public int weightBits() {
    return form.weightBits;
  }

  /** All bits: images, a table of symbols a lane, and what stays in the schedule. */
  public long bits() {
    long ofSchedule = whole ? 0 : (long) images.size() * program.steps() * form.lowBits();
    long ofTables = (long) images.size() * code.size() * form.symbolBits();
    return images.stream().mapToLong(image -> (long) image.size() * imageBits).sum()
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
