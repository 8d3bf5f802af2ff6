// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import dev.etch.hardware.MatrixProgram.Lane;
import dev.etch.hardware.MatrixProgram.Place;
import dev.etch.hardware.ScheduleColumns.Column;
import dev.etch.hardware.arithmetic.Bits;
import dev.etch.hardware.memory.ConstantTable;
import dev.etch.hardware.memory.Memory;
import dev.etch.hardware.memory.MemoryUse;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a {@link MatrixUnit} is made of: columns of the schedule, memories of elements and sums, and
 * where outputs are. The generator builds from it, the area estimate counts it, and the report sums
 * it.
 */
public final class MatrixNetlist {
  /** Beats that lanes can reach at most: as many as a table of six inputs stores a bit of. */
  private static final int MOST_WINDOW = 64;

  /** Elements of a beat at most, of which a lane chooses one. */
  public static final int MOST_BEAT_ELEMENTS = 8;

  /** From a step until a lane's distance is there. */
  public static final int DISTANCE = 2;

  /** From a step until a lane's position is there, in front of its elements. */
  public static final int POSITION = DISTANCE + 1;

  /** From a step until the element and its weight are there. */
  public static final int OPERAND = POSITION + 1;

  /** From a step until both stand in front of the multiplier, and the row in front of the sums. */
  public static final int FACTOR = OPERAND + 1;

  /** From a step until the product and the sum so far are there, a register behind its memory. */
  public static final int PRODUCT = FACTOR + 2;

  /** From a step until the new sum is there, in front of the sums. */
  public static final int TOTAL = PRODUCT + 1;

  /** Cycles from a reset, or from the last step of a frame, until decoders have the first word. */
  public static final int FILLING = MatrixStream.LOADS + MatrixStream.DECODED_AHEAD;

  /** Cycles in which a memory of packed words may be written, and those of registers behind it. */
  private static final int STREAM_LATENCY = 16;

  private static final int FEEDS_OF_A_WORD = 16;

  /** Numbers in front of those of the code. */
  private static final int NUMBERS_OF_STREAM = 1;

  private final MatrixUnit unit;
  private final MatrixProgram program;
  private final Optional<MatrixCode> code;
  private final Optional<MatrixStream> stream;
  private final Optional<MatrixCodebook> codebook;
  private final ScheduleColumns columns;
  private final List<Integer> used;

  private MatrixNetlist(MatrixUnit unit) {
    this.unit = unit;
    this.program = unit.program();
    this.code =
        switch (unit.words()) {
          case ROM, ROTATED, LOADED -> Optional.empty();
          case CODED -> Optional.of(MatrixCode.of(program));
          case PACKED, EXTERNAL -> Optional.of(MatrixCode.whole(program));
        };
    this.stream = unit.words().isStreamed() ? code.map(this::stream) : Optional.empty();
    this.codebook = unit.words() == WordSource.ROM ? MatrixCodebook.of(program) : Optional.empty();
    this.columns = new ScheduleColumns(program.steps());
    this.used = program.lanes().stream().map(this::usedRows).toList();
    for (int number = 0; number < program.lanes().size(); number++) {
      Lane lane = program.lanes().get(number);
      String name = "lane" + number;
      if (stream.isPresent() || rotation().isPresent()) {
        continue;
      }
      if (code.isPresent()) {
        addLow(name, lane, code.get());
      } else {
        addWhole(name, lane);
      }
    }
  }

  private MatrixStream stream(MatrixCode whole) {
    return unit.memory()
        .map(memory -> MatrixStream.of(whole, program, memory))
        .orElseGet(() -> MatrixStream.of(whole, program));
  }

  private void addWhole(String name, Lane lane) {
    add(name, DISTANCE, low(lane.distances(), Integer.SIZE), program.distanceBits());
    if (codebook.isPresent()) {
      long[] indices = codebook.get().indices(lane.weights());
      int width = codebook.get().indexBits();
      columns.add(name + "_index", DISTANCE, MemoryUse.WEIGHTS, indices, width);
    } else {
      long[] weights = low(lane.weights(), Integer.SIZE);
      add(name, OPERAND, weights, Bits.signed(weights));
    }
  }

  /** What is not coded. */
  private void addLow(String name, Lane lane, MatrixCode code) {
    if (code.distanceLow() > 0) {
      long[] distances = low(lane.distances(), code.distanceLow());
      add(name, DISTANCE, distances, code.distanceLow());
    }
    if (code.weightLow() > 0) {
      add(name, OPERAND, low(lane.weights(), code.weightLow()), code.weightLow());
    }
  }

  private static long[] low(List<Integer> numbers, int bits) {
    long mask = (1L << bits) - 1;
    return numbers.stream().mapToLong(n -> bits < Integer.SIZE ? n & mask : n).toArray();
  }

  private void add(String lane, int stage, long[] entries, int width) {
    boolean weights = stage == OPERAND;
    MemoryUse use = weights ? MemoryUse.WEIGHTS : MemoryUse.POSITIONS;
    columns.add(lane + (weights ? "_weight" : "_distance"), stage, use, entries, width);
  }

  /**
   * Beats that lanes can reach. As many as make no memory block: an element is chosen in the cycle
   * in which its beat leaves the memory, which has no register of its own.
   *
   * @param bits of a beat
   */
  public static int window(int bits) {
    int beats = MOST_WINDOW;
    while (Memory.isBlock(beats, bits)) {
      beats /= 2;
    }
    return beats;
  }

  /** The netlist of a unit. */
  public static MatrixNetlist of(MatrixUnit unit) {
    return new MatrixNetlist(unit);
  }

  /** The schedule. */
  public ScheduleColumns columns() {
    return columns;
  }

  /** How one block serves all lanes of a group, if weights come from blocks. */
  public Optional<MatrixRotation> rotation() {
    return unit.words() == WordSource.ROTATED ? program.rotation() : Optional.empty();
  }

  /** Groups of lanes, if weights come from blocks. */
  public int groups() {
    return program.lanes().size() / rotation().orElseThrow().size();
  }

  /** The blocks of a group. */
  public ConstantTable blocks(int group) {
    return rotation().orElseThrow().blocks(program, group);
  }

  /** Bits that name a row. */
  public int rowBits() {
    return Bits.choosing(program.rows());
  }

  /** Bits that name a lane of a cluster. */
  public int laneBits() {
    return Bits.choosing(program.lanesPerCluster());
  }

  /** Bits of a position, row and element. */
  public int positionBits() {
    int elements = Math.max(unit.elements(), unit.windowElements());
    return rowBits() + Bits.choosing(elements);
  }

  private List<String> sumMemories(String lane) {
    return unit.ahead() ? List.of(lane + "_sums0", lane + "_sums1") : List.of(lane + "_sums");
  }

  /** Words of a lane's memory of sums. */
  public int sumWords() {
    return Math.max(2, program.rows());
  }

  /** Words of a lane's memory of elements: a beat each. */
  public int elementWords() {
    return Math.max(2, program.window());
  }

  /**
   * Where each output of a cluster is: its row, above it its lane, and if the cluster {@linkplain
   * #takesZero takes zero}, a bit that says whether this output is always 0.
   */
  public ConstantTable places(int cluster) {
    List<BigInteger> places = new ArrayList<>();
    program
        .outputs()
        .get(cluster)
        .forEach(place -> places.add(BigInteger.valueOf(place(cluster, place))));
    if (loads() && places.size() == 1) {
      // A memory that is written has at least two words.
      places.add(places.get(0));
    }
    int width = rowBits() + laneBits() + (takesZero(cluster) ? 1 : 0);
    return new ConstantTable("place", 1, places, Math.max(1, width), loads());
  }

  /** Whether the host loads all that depends on weights, and not the words of one training. */
  private boolean loads() {
    return program.room().isPresent();
  }

  /** Whether some output of a cluster has no nonzero weights, or may have none later. */
  public boolean takesZero(int cluster) {
    return loads() || hasZero(cluster);
  }

  private boolean hasZero(int cluster) {
    return program.outputs().get(cluster).stream().anyMatch(place -> isZero(cluster, place));
  }

  private boolean isZero(int cluster, Place place) {
    return place.row() >= used.get(cluster * program.lanesPerCluster() + place.lane());
  }

  private long place(int cluster, Place place) {
    long zero = isZero(cluster, place) ? 1 : 0;
    return (zero << laneBits() | place.lane()) << rowBits() | place.row();
  }

  /** Rows that a lane adds to. */
  private int usedRows(Lane lane) {
    if (program.rotation().isPresent()) {
      return program.rotation().get().rows();
    }
    BitSet used = new BitSet();
    int position = 0;
    for (int step = 0; step < program.steps(); step++) {
      position += lane.distances().get(step);
      used.set(
          position % program.rows(),
          used.get(position % program.rows()) || lane.weights().get(step) != 0);
    }
    return used.cardinality();
  }

  /** Whether each step feeds a beat. */
  public ConstantTable feeds() {
    BigInteger[] feeds = new BigInteger[program.steps()];
    Arrays.fill(feeds, BigInteger.ZERO);
    program.feeds().forEach(step -> feeds[step] = BigInteger.ONE);
    return new ConstantTable("feeds", 0, List.of(feeds), 1, loads());
  }

  /**
   * Flags of feeds that a word of their memory has. A memory that may be a block has wide words:
   * narrow ones leave half of the deepest blocks of iCE40 empty.
   */
  public static int feedsOfAWord(int steps) {
    return Memory.isBlock(steps, 1) ? FEEDS_OF_A_WORD : 1;
  }

  /** The same in the words of a memory, the first step lowest. */
  public ConstantTable feedWords() {
    List<BigInteger> flags = feeds().entries();
    int width = feedsOfAWord(flags.size());
    List<BigInteger> words = new ArrayList<>();
    for (int first = 0; first < flags.size(); first += width) {
      BigInteger word = BigInteger.ZERO;
      for (int i = Math.min(width, flags.size() - first) - 1; i >= 0; i--) {
        word = word.shiftLeft(1).or(flags.get(first + i));
      }
      words.add(word);
    }
    return new ConstantTable("feeds", 0, words, width, loads());
  }

  /** The code of the lanes' words, if they are coded. */
  public Optional<MatrixCode> code() {
    return code;
  }

  /**
   * Cycles from a reset until a unit works as {@link MatrixUnit} says: decoders have their first
   * words, and with packed words each lane has as many chunks as it has room for. Those that read
   * from outside say it themselves.
   */
  public static int awakening(MatrixUnit unit) {
    int lanes = unit.program().lanes().size();
    return switch (unit.words()) {
      case ROM, ROTATED, LOADED, EXTERNAL -> 0;
      case CODED -> FILLING;
      case PACKED ->
          STREAM_LATENCY
              + FILLING
              + lanes * (MatrixStream.AHEAD + FILLING)
              + numberWords(unit.program());
    };
  }

  private static int numberWords(MatrixProgram program) {
    return program.room().map(room -> NUMBERS_OF_STREAM + room.form().mostBits()).orElse(0);
  }

  /** Lanes of all clusters. */
  public int lanes() {
    return program.lanes().size();
  }

  /** The words of all lanes, if they come as one stream. */
  public Optional<MatrixStream> stream() {
    return stream;
  }

  /** The values of weights, if the schedule has their indices. */
  public Optional<MatrixCodebook> codebook() {
    return codebook;
  }

  /** Bits of the widest weight. */
  public int weightBits() {
    return code.map(MatrixCode::weightBits)
        .or(() -> codebook.map(MatrixCodebook::weightBits))
        .or(() -> rotation().map(unused -> MatrixRotation.weightBits(program)))
        .orElseGet(
            () ->
                columns.fields().stream()
                    .filter(field -> field.use() == MemoryUse.WEIGHTS)
                    .mapToInt(Column::width)
                    .max()
                    .orElse(1));
  }

  private void addCoded(MatrixCode code, List<Memory> memories) {
    for (int lane = 0; lane < program.lanes().size(); lane++) {
      String name = "lane" + lane;
      if (stream.isPresent()) {
        memories.add(
            Memory.of(
                name + "_chunks", MatrixStream.AHEAD, stream.get().chunkBits(), MemoryUse.BUFFERS));
      } else {
        memories.add(
            Memory.of(
                name + "_image_rom", code.image(lane).size(), code.imageBits(), MemoryUse.CODED));
      }
      if (!code.table().isConstant()) {
        memories.add(code.table().memory(name, MemoryUse.CODEBOOK));
      }
    }
  }

  /** All chunks, in the order of {@link MatrixStream}; zeros where there is room for more. */
  public ConstantTable packed() {
    MatrixStream chunks = stream.orElseThrow();
    List<BigInteger> words = new ArrayList<>(chunks.chunks());
    program
        .room()
        .ifPresent(
            room ->
                words.addAll(Collections.nCopies(room.chunks() - words.size(), BigInteger.ZERO)));
    return new ConstantTable("chunks", 0, words, chunks.chunkBits(), true);
  }

  /**
   * Numbers that the unit brings from a memory into registers before it begins, if the host loads
   * them: where the stream ends, the number of its last chunk, and then those of {@link
   * MatrixCode#numbers}; if the stream is outside, also its CRC in {@link #tagNumbers} parts, the
   * lowest first: the one that the first beat of the stream has to be.
   */
  public Optional<ConstantTable> numbers() {
    if (!loads()) {
      return Optional.empty();
    }
    MatrixCode coded = code.orElseThrow();
    List<BigInteger> words = new ArrayList<>();
    words.add(BigInteger.valueOf(stream.orElseThrow().chunks().size() - 1));
    words.addAll(coded.numbers());
    int width = numberBits();
    BigInteger low = BigInteger.ONE.shiftLeft(width).subtract(BigInteger.ONE);
    BigInteger crc = BigInteger.valueOf(Integer.toUnsignedLong(stream.orElseThrow().crc()));
    for (int part = 0; part < tagNumbers(); part++) {
      words.add(crc.shiftRight(part * width).and(low));
    }
    return Optional.of(new ConstantTable("numbers", 0, words, width, true));
  }

  private int numberBits() {
    MatrixCode coded = code.orElseThrow();
    return Math.max(endBits(), coded.looks() + 1 + coded.rankBits());
  }

  /** Numbers that are the CRC of a stream outside; none if it is not, or is always the same. */
  public int tagNumbers() {
    boolean tagged = loads() && unit.words() == WordSource.EXTERNAL;
    return tagged ? (Integer.SIZE + numberBits() - 1) / numberBits() : 0;
  }

  /** Bits of the number of a chunk. */
  public int endBits() {
    return Math.max(1, Bits.choosing(packed().entries().size()));
  }

  /** Words of the queue of lanes that ask: as many as chunks that can be asked for. */
  public int waiting() {
    return MatrixStream.AHEAD * program.lanes().size();
  }

  /** Everything that is a memory. */
  List<Memory> memories() {
    List<Memory> memories = new ArrayList<>();
    int beat = unit.input().type().bits();
    int sum = unit.output().type().element().bits();
    for (int number = 0; number < program.lanes().size(); number++) {
      String name = "lane" + number;
      memories.add(Memory.of(name + "_elements", elementWords(), beat, MemoryUse.BUFFERS));
      for (String sums : sumMemories(name)) {
        memories.add(Memory.of(sums, sumWords(), sum, MemoryUse.BUFFERS));
      }
      codebook.ifPresent(c -> memories.add(c.table().memory(name, MemoryUse.CODEBOOK)));
    }
    code.ifPresent(coded -> addCoded(coded, memories));
    if (rotation().isPresent()) {
      for (int group = 0; group < groups(); group++) {
        ConstantTable blocks = blocks(group);
        if (!blocks.isConstant()) {
          memories.add(blocks.memory("group" + group, MemoryUse.WEIGHTS));
        }
      }
    }
    stream.ifPresent(
        packed -> {
          if (unit.words() == WordSource.PACKED) {
            memories.add(packed().memory("stream", MemoryUse.CODED));
          }
          numbers().ifPresent(table -> memories.add(table.memory("code", MemoryUse.CODED)));
          memories.add(
              Memory.of("stream_asked", waiting(), program.lanes().size(), MemoryUse.BUFFERS));
        });
    memories.addAll(columns.memories());
    if (!feeds().isConstant()) {
      ConstantTable words = feedWords();
      memories.add(
          new Memory(
              "feeds" + Memory.suffix(loads()),
              words.entries().size(),
              Map.of(MemoryUse.FLAGS, words.width()),
              loads()));
    }
    for (int cluster = 0; cluster < program.outputs().size(); cluster++) {
      ConstantTable places = places(cluster);
      if (!places.isConstant()) {
        memories.add(places.memory("cluster" + cluster, MemoryUse.DRAINS));
      }
    }
    return memories;
  }
}
