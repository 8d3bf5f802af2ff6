// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import dev.etch.diagnostic.CompilerBug;
import dev.etch.hardware.MatrixProgram.Lane;
import dev.etch.hardware.arithmetic.Bits;
import dev.etch.hardware.coding.PrefixCode;
import dev.etch.hardware.memory.ConstantTable;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

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

  private final CodeForm form;
  private final boolean whole;
  private final PrefixCode code;
  private final List<Symbol> symbols;
  private final MatrixProgram program;
  private final Map<Symbol, Integer> ranks = new HashMap<>();
  private final List<List<BigInteger>> images;

  /** What a lane does in a step, or its high bits. */
  private record Symbol(int distance, int weight) implements Comparable<Symbol> {
    /** The high bits. */
    Symbol high(CodeForm form) {
      return new Symbol(distance >> form.distanceLow(), weight >> form.weightLow());
    }

    /** The low bits, the distance's above. */
    int low(CodeForm form) {
      return (distance & (1 << form.distanceLow()) - 1) << form.weightLow()
          | weight & (1 << form.weightLow()) - 1;
    }

    @Override
    public int compareTo(Symbol other) {
      return weight == other.weight
          ? Integer.compare(distance, other.distance)
          : Integer.compare(weight, other.weight);
    }
  }

  /**
   * What a code is like, before there is a schedule: what the area of decoders depends on.
   *
   * @param distanceLow bits of a distance that are not coded
   * @param weightLow bits of a weight that are not
   * @param symbols in the table of each lane
   * @param symbolBits of each
   * @param lengths of code words, how many different ones
   * @param longest code word
   * @param imageBits of a word of an image
   * @param bitsOfStep that a step takes of the image, on average
   */
  public record Traits(
      int distanceLow,
      int weightLow,
      int symbols,
      int symbolBits,
      int lengths,
      int longest,
      int imageBits,
      double bitsOfStep) {
    /** Words of a lane's image with so many steps. */
    public int imageWords(int steps) {
      return (int) (steps * bitsOfStep / imageBits) + 1 + AHEAD;
    }
  }

  /**
   * What a code of such words is like.
   *
   * @param words of all lanes, or of some that stand for all
   * @param distanceBits of a distance
   * @param lanes that have a table of symbols
   */
  public static Traits traits(Lane words, int distanceBits, int lanes) {
    Map<Symbol, Long> counts = new HashMap<>();
    for (int step = 0; step < words.distances().size(); step++) {
      counts.merge(word(words, step), 1L, Long::sum);
    }
    List<CodeForm> forms = forms(distanceBits, weightBits(counts), false, NARROW);
    CodeForm form =
        best(forms, counts, lanes).orElseThrow(() -> new CompilerBug("no code for any words"));
    TreeMap<Symbol, Long> ofSymbols = symbols(form, counts);
    PrefixCode code = code(form, ofSymbols);
    long inImage = bits(form, counts, 0) - (long) words.distances().size() * form.lowBits();
    return new Traits(
        form.distanceLow(),
        form.weightLow(),
        code.size(),
        form.symbolBits(),
        code.lengths().size(),
        code.longest(),
        NARROW,
        (double) inImage / words.distances().size());
  }

  private static int weightBits(Map<Symbol, Long> counts) {
    return Bits.signed(counts.keySet().stream().mapToLong(Symbol::weight).toArray());
  }

  private MatrixCode(
      CodeForm form, boolean whole, MatrixProgram program, Map<Symbol, Long> counts) {
    this.form = form;
    this.whole = whole;
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
    return of(program, 1, false);
  }

  /**
   * The same with the low bits behind the code words, so that images say all; in the form that the
   * program has {@linkplain MatrixProgram#room room} for, if the host loads its words.
   */
  public static MatrixCode whole(MatrixProgram program) {
    return program
        .room()
        .map(room -> new MatrixCode(room.form(), true, program, counts(program)))
        .orElseGet(() -> whole(program, 1));
  }

  /** The same for weights that take at least so many bits. */
  public static MatrixCode whole(MatrixProgram program, int weightBits) {
    return of(program, weightBits, true);
  }

  private static Map<Symbol, Long> counts(MatrixProgram program) {
    Map<Symbol, Long> counts = new HashMap<>();
    for (Lane lane : program.lanes()) {
      for (int step = 0; step < program.steps(); step++) {
        counts.merge(word(lane, step), 1L, Long::sum);
      }
    }
    return counts;
  }

  /** Symbols that the words of a program have in a form. */
  public static int symbols(CodeForm form, MatrixProgram program) {
    return symbols(form, counts(program)).size();
  }

  private static MatrixCode of(MatrixProgram program, int leastWeightBits, boolean whole) {
    Map<Symbol, Long> counts = counts(program);
    int weightBits = Math.max(leastWeightBits, weightBits(counts));
    for (int imageBits : new int[] {NARROW, WIDE}) {
      List<CodeForm> forms = forms(program.distanceBits(), weightBits, whole, imageBits);
      Optional<CodeForm> best = best(forms, counts, program.lanes().size());
      if (best.isPresent()) {
        return new MatrixCode(best.get(), whole, program, counts);
      }
    }
    throw new CompilerBug("no code for distances and weights together");
  }

  /** Those whose steps take at most a word of an image. */
  private static List<CodeForm> forms(
      int distanceBits, int weightBits, boolean whole, int imageBits) {
    List<CodeForm> forms = new ArrayList<>();
    for (int ofDistance = 0; ofDistance <= distanceBits; ofDistance++) {
      for (int ofWeight = 0; ofWeight < weightBits; ofWeight++) {
        int rest = whole ? imageBits - ofDistance - ofWeight : imageBits;
        if (rest > 0) {
          int mostBits = Math.min(PrefixCode.MOST_BITS, rest);
          forms.add(
              new CodeForm(distanceBits, weightBits, ofDistance, ofWeight, mostBits, imageBits));
        }
      }
    }
    return forms;
  }

  private static Optional<CodeForm> best(
      List<CodeForm> forms, Map<Symbol, Long> counts, int lanes) {
    CodeForm best = null;
    long fewest = Long.MAX_VALUE;
    for (CodeForm form : forms) {
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

  private static TreeMap<Symbol, Long> symbols(CodeForm form, Map<Symbol, Long> counts) {
    TreeMap<Symbol, Long> ofSymbols = new TreeMap<>();
    counts.forEach((whole, count) -> ofSymbols.merge(whole.high(form), count, Long::sum));
    return ofSymbols;
  }

  private static PrefixCode code(CodeForm form, TreeMap<Symbol, Long> counts) {
    return PrefixCode.of(
        form.mostBits(), counts.values().stream().mapToLong(Long::longValue).toArray());
  }

  /** All bits of a form; the most of all numbers if it has too many symbols. */
  private static long bits(CodeForm form, Map<Symbol, Long> counts, int lanes) {
    TreeMap<Symbol, Long> ofSymbols = symbols(form, counts);
    if (ofSymbols.size() > Math.min(MOST_SYMBOLS, 1 << form.mostBits())) {
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
      int rank = ranks.get(word.high(form));
      open = open << code.length(rank) | words[rank];
      bits += code.length(rank);
      if (whole) {
        open = open << form.lowBits() | word.low(form);
        bits += form.lowBits();
      }
      if (bits >= form.imageBits()) {
        bits -= form.imageBits();
        image.add(BigInteger.valueOf(open >>> bits));
        open &= (1L << bits) - 1;
      }
    }
    image.add(BigInteger.valueOf(open << form.imageBits() - bits));
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
    return form.imageBits();
  }

  /** The image of a lane, word by word. */
  public List<BigInteger> image(int lane) {
    return images.get(lane);
  }

  /** Bits of the image that a lane's step takes. */
  public int bits(int lane, int step) {
    return code.length(ranks.get(word(program.lanes().get(lane), step).high(form))) + behind();
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
    return form.distanceLow();
  }

  /** The same of a weight. */
  public int weightLow() {
    return form.weightLow();
  }

  /** Bits of the widest weight. */
  public int weightBits() {
    return form.weightBits();
  }

  /** All bits: images, a table of symbols a lane, and what stays in the schedule. */
  public long bits() {
    long ofSchedule = whole ? 0 : (long) images.size() * program.steps() * form.lowBits();
    long ofTables = (long) images.size() * code.size() * form.symbolBits();
    return images.stream().mapToLong(image -> (long) image.size() * form.imageBits()).sum()
        + ofTables
        + ofSchedule;
  }

  /** The other bits of a distance: the low ones of a symbol. */
  public int distanceHigh() {
    return form.distanceBits() - form.distanceLow();
  }

  /** The other bits of a weight: the high ones of a symbol. */
  public int weightHigh() {
    return form.weightBits() - form.weightLow();
  }

  /** Which bits are coded. */
  public CodeForm form() {
    return form;
  }

  /**
   * Bits of code words that a decoder looks at: of the longest that there is, or that there may be
   * if the code is loaded.
   */
  public int looks() {
    return program.room().isPresent() ? form.mostBits() : code.longest();
  }

  /** Lengths that code words may have, ascending. */
  public List<Integer> lengths() {
    return program.room().isPresent()
        ? IntStream.rangeClosed(1, form.mostBits()).boxed().toList()
        : code.lengths();
  }

  /** Words of the table of symbols. */
  public int tableWords() {
    return program.room().map(MatrixRoom::symbols).orElseGet(code::size);
  }

  /** Bits of a rank. */
  public int rankBits() {
    return Math.max(1, Bits.choosing(tableWords()));
  }

  /**
   * What a decoder has to know of the code if it is loaded, an entry for each length of {@link
   * #lengths}: {@linkplain PrefixCode#limit what the bits are below} in the lowest {@code looks() +
   * 1} bits, and the {@linkplain PrefixCode#offset offset} of ranks above, modulo a power of two.
   */
  public List<BigInteger> numbers() {
    return lengths().stream()
        .map(
            length -> {
              long offset = code.offset(length) & (1L << rankBits()) - 1;
              return BigInteger.valueOf(offset << looks() + 1 | code.limit(length, looks()));
            })
        .toList();
  }

  /** The symbols, by rank; zeros where a table that is loaded has room for more. */
  public ConstantTable table() {
    List<BigInteger> entries = new ArrayList<>();
    for (Symbol symbol : symbols) {
      long weight = symbol.weight & (1L << weightHigh()) - 1;
      entries.add(BigInteger.valueOf(weight << distanceHigh() | symbol.distance));
    }
    entries.addAll(Collections.nCopies(tableWords() - entries.size(), BigInteger.ZERO));
    return new ConstantTable("symbol", 0, entries, form.symbolBits(), program.room().isPresent());
  }
}
