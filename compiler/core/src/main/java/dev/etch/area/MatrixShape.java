// SPDX-License-Identifier: Apache-2.0
package dev.etch.area;

import dev.etch.hardware.MatrixCode;
import dev.etch.hardware.MatrixNetlist;
import dev.etch.hardware.MatrixProgram;
import dev.etch.hardware.MatrixStream;
import dev.etch.hardware.MatrixUnit;
import dev.etch.hardware.ScheduleWord;
import dev.etch.hardware.WordSource;
import dev.etch.hardware.memory.ConstantTable;
import dev.etch.tensor.IntegerType;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The numbers that the area of a {@link MatrixUnit} depends on.
 *
 * @param element of the input
 * @param sumBits of a sum
 * @param elements of a frame
 * @param beatElements elements of a beat
 * @param steps of a frame
 * @param clusters of lanes
 * @param lanes of all clusters
 * @param outputsPerCluster outputs that each cluster makes
 * @param rows sums of a lane
 * @param window beats that a lane stores
 * @param weightBits of the widest weight
 * @param values in each lane's table, if the schedule has indices of weights; else 0
 * @param ahead whether there are two memories of sums a lane
 * @param schedule bits of its memories, one a stage
 * @param decoder of each lane, if words are coded
 * @param packed memory of all lanes' words, if there is one
 * @param blocks if each circulant block of the weights is stored once, of these
 * @param loaded whether the host loads all that depends on weights
 */
record MatrixShape(
    IntegerType element,
    int sumBits,
    int elements,
    int beatElements,
    int steps,
    int clusters,
    int lanes,
    int outputsPerCluster,
    int rows,
    int window,
    int weightBits,
    int values,
    boolean ahead,
    List<Columns> schedule,
    Optional<Decoder> decoder,
    Optional<Packed> packed,
    Optional<Blocks> blocks,
    boolean loaded) {

  /**
   * What decodes a lane's words.
   *
   * @param look bits that it looks at
   * @param lengths of code words
   * @param symbols in its table
   * @param symbolBits of each
   * @param wordBits of a word of an image
   * @param image words of the read-only memories that all lanes have, if these have any
   */
  record Decoder(int look, int lengths, int symbols, int symbolBits, int wordBits, int image) {
    /** One of a code that is estimated. */
    static Decoder of(MatrixCode.Traits code, int lanes, int steps) {
      return new Decoder(
          code.longest(),
          code.lengths(),
          code.symbols(),
          code.symbolBits(),
          code.imageBits(),
          lanes * code.imageWords(steps));
    }
  }

  /**
   * A {@link dev.etch.hardware.MatrixStream}.
   *
   * @param chunks in the memory; none if they come from outside
   * @param chunkBits of each
   * @param wordBits of the words that a chunk has
   * @param groups of lanes that can wait
   * @param numbers words of the memory of a code that is loaded, and registers behind it; none if
   *     the code is constant
   * @param numberBits of each
   */
  record Packed(int chunks, int chunkBits, int wordBits, int groups, int numbers, int numberBits) {}

  /**
   * Memories of a {@link dev.etch.hardware.MatrixRotation}, one a group of lanes.
   *
   * @param size weights of a word, and lanes of a group
   * @param words of each memory
   */
  record Blocks(int size, int words, int groups) {}

  /** The shape of a unit. */
  static MatrixShape of(MatrixUnit unit) {
    MatrixProgram program = unit.program();
    MatrixNetlist netlist = MatrixNetlist.of(unit);
    List<ScheduleWord> words = netlist.columns().words();
    return new MatrixShape(
        unit.input().type().element(),
        unit.output().type().element().bits(),
        unit.elements(),
        unit.beatElements(),
        program.steps(),
        program.outputs().size(),
        program.lanes().size(),
        program.outputsPerCluster(),
        program.rows(),
        program.window(),
        netlist.weightBits(),
        netlist.codebook().map(codebook -> codebook.table().entries().size()).orElse(0),
        unit.ahead(),
        words.stream().map(MatrixShape::columns).toList(),
        netlist
            .code()
            .map(code -> decoder(code, netlist.stream().isPresent() ? 0 : program.lanes().size())),
        netlist.stream().map(stream -> packed(unit, netlist, stream)),
        netlist
            .rotation()
            .map(r -> new Blocks(r.size(), netlist.blocks(0).entries().size(), netlist.groups())),
        program.room().isPresent());
  }

  /** The same with so many steps, and lanes that find their next weight without a distance. */
  MatrixShape withZeros(int all) {
    return new MatrixShape(
        element,
        sumBits,
        elements,
        beatElements,
        all,
        clusters,
        lanes,
        outputsPerCluster,
        rows,
        window,
        weightBits,
        0,
        ahead,
        List.of(Columns.of(lanes * weightBits)),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        false);
  }

  /** The same with weights themselves in the schedule. */
  MatrixShape withWeights(int distanceBits) {
    return new MatrixShape(
        element,
        sumBits,
        elements,
        beatElements,
        steps,
        clusters,
        lanes,
        outputsPerCluster,
        rows,
        window,
        weightBits,
        0,
        ahead,
        List.of(Columns.of(lanes * distanceBits), Columns.of(lanes * weightBits)),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        false);
  }

  /** Bits of a beat. */
  int beatBits() {
    return beatElements * element.bits();
  }

  private static Packed packed(MatrixUnit unit, MatrixNetlist netlist, MatrixStream stream) {
    return new Packed(
        unit.words() == WordSource.PACKED ? netlist.packed().entries().size() : 0,
        stream.chunkBits(),
        stream.chunkBits() / stream.chunkWords(),
        netlist.waiting(),
        netlist.numbers().map(table -> table.entries().size()).orElse(0),
        netlist.numbers().map(ConstantTable::width).orElse(0));
  }

  /** A lane's decoder, with the images of so many lanes. */
  private static Decoder decoder(MatrixCode code, int lanes) {
    return new Decoder(
        code.looks() + code.behind(),
        code.lengths().size(),
        code.tableWords(),
        code.table().width(),
        code.imageBits(),
        IntStream.range(0, lanes).map(lane -> code.image(lane).size()).sum());
  }

  private static Columns columns(ScheduleWord word) {
    ColumnCounter counter = new ColumnCounter();
    word.fields().forEach(field -> counter.add(field.entries(), field.width()));
    return counter.columns();
  }
}
