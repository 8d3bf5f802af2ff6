// SPDX-License-Identifier: Apache-2.0
package dev.etch.area;

import dev.etch.hardware.MatrixNetlist;
import dev.etch.hardware.MatrixStream;
import dev.etch.hardware.MatrixUnit;
import dev.etch.hardware.memory.MemoryBanks;

/** {@code MatrixHardware} in the Verilog. */
final class MatrixArea {
  /** Registers and tables of the states. */
  private static final double CONTROL = 12;

  /** Places from where a sum can come: its memory, and where it is on its way there. */
  private static final int CHOICES = 4;

  private final Fabric fabric;

  MatrixArea(Fabric fabric) {
    this.fabric = fabric;
  }

  /** All of a unit. */
  Area of(MatrixShape shape) {
    return control(shape)
        .plus(lane(shape).times(shape.lanes()))
        .plus(schedule(shape))
        .plus(feeds(shape))
        .plus(shape.decoder().map(d -> decoders(shape, d)).orElse(Area.NONE))
        .plus(shape.packed().map(p -> stream(p, shape.lanes())).orElse(Area.NONE))
        .plus(shape.blocks().map(b -> blocks(shape, b)).orElse(Area.NONE))
        .plus(outputs(shape).times(shape.clusters()));
  }

  private static Area control(MatrixShape shape) {
    double counters =
        2.0 * Fabric.bits(shape.steps())
            + Fabric.bits(shape.outputsPerCluster())
            + Fabric.bits(MatrixUnit.SETTLING);
    double feed = (MatrixNetlist.POSITION - 1.0) * (shape.beatBits() + 1);
    return new Area(
        CONTROL + counters + MatrixUnit.STAGES,
        CONTROL + counters + MatrixUnit.STAGES + feed,
        0,
        0);
  }

  private Area lane(MatrixShape shape) {
    int rowBits = Fabric.bits(shape.rows());
    int windowBits = Fabric.bits(shape.window());
    int whichBits = Fabric.bits(shape.beatElements());
    int position = rowBits + Math.max(Fabric.bits(shape.elements()), windowBits + whichBits);
    int operand = shape.element().bits() + (shape.element().signed() ? 0 : 1);
    double luts =
        fabric.adder(position)
            + windowBits
            + shape.element().bits() * fabric.multiplexer(shape.beatElements())
            + fabric.condition(shape.weightBits())
            + 2.0 * (rowBits + 1)
            + rowBits
            + fabric.gatedAdder(shape.sumBits())
            + shape.sumBits() * fabric.multiplexer(CHOICES)
            + 3 * fabric.condition(2.0 * rowBits + 2);
    double rows = (double) rowBits * (MatrixNetlist.TOTAL - MatrixNetlist.POSITION);
    double flags = MatrixNetlist.OPERAND + (MatrixNetlist.TOTAL - MatrixNetlist.OPERAND) + 2.0;
    double registers =
        position
            + windowBits
            + whichBits
            + rowBits
            + 1
            + rows
            + flags
            + 3
            + 3.0 * shape.sumBits()
            + operand;
    return new Area(luts, registers, 0, 0)
        .plus(fabric.product(operand, shape.weightBits()))
        .plus(fabric.memories().synchronous(fabric, Math.max(2, shape.window()), shape.beatBits()))
        .plus(sums(shape))
        .plus(codebook(shape));
  }

  /** Table of the weights' values, and the registers behind it. */
  private Area codebook(MatrixShape shape) {
    int bits = shape.weightBits();
    return shape.values() == 0
        ? Area.NONE
        : fabric
            .memories()
            .constant(fabric, shape.values(), bits, bits)
            .plus(Area.flipFlops((MatrixNetlist.OPERAND - MatrixNetlist.DISTANCE) * bits));
  }

  /** A memory a group, and what rotates its word, with two registers inside and one in front. */
  private Area blocks(MatrixShape shape, MatrixShape.Blocks blocks) {
    int width = blocks.size() * shape.weightBits();
    int turns = Fabric.bits(blocks.size());
    int early = turns / 2;
    double choices =
        width * (fabric.multiplexer(1 << early) + fabric.multiplexer(1 << (turns - early)));
    double counters = 3.0 * Fabric.bits(blocks.words()) + 2.0 * turns + Fabric.bits(shape.rows());
    return fabric
        .memories()
        .constant(fabric, blocks.words(), width, width)
        .plus(new Area(choices, 3.0 * width, 0, 0))
        .times(blocks.groups())
        .plus(new Area(counters, counters + MatrixNetlist.OPERAND * turns, 0, 0));
  }

  /** One memory, or two of which one is chosen on either side. */
  private Area sums(MatrixShape shape) {
    Area memory = fabric.memories().synchronous(fabric, Math.max(2, shape.rows()), shape.sumBits());
    if (!shape.ahead()) {
      return memory;
    }
    double choices = 2.0 * (shape.sumBits() + Fabric.bits(shape.rows()));
    return memory.times(2).plus(new Area(choices * fabric.multiplexer(2), shape.sumBits(), 0, 0));
  }

  /** Each chooses the bits that it looks at, compares them with limits, and adds up a rank. */
  private Area decoders(MatrixShape shape, MatrixShape.Decoder decoder) {
    int lanes = shape.lanes();
    int rank = Fabric.bits(decoder.symbols());
    int place = Fabric.bits(decoder.wordBits());
    int image = (decoder.image() + lanes - 1) / lanes;
    double luts =
        fabric.window(decoder.look(), decoder.wordBits())
            + decoder.lengths() * (comparison(shape, decoder) + 1)
            + 2.0 * place * fabric.multiplexer(decoder.lengths())
            + rank * fabric.multiplexer(decoder.lengths())
            + fabric.adder(rank)
            + (image == 0 ? 0 : fabric.adder(Fabric.bits(image)));
    double registers =
        2.0 * decoder.wordBits()
            + place
            + decoder.look()
            + decoder.lengths()
            + rank
            + 3.0 * decoder.symbolBits()
            + (image == 0 ? 0 : Fabric.bits(image));
    Area words =
        image == 0
            ? Area.NONE
            : fabric.memories().constant(fabric, image, decoder.wordBits(), decoder.wordBits());
    return new Area(luts, registers, 0, 0)
        .plus(words)
        .plus(table(shape, decoder.symbols(), decoder.symbolBits()))
        .times(lanes);
  }

  /** Of what a decoder looks at with a limit, which is a register if it is loaded. */
  private double comparison(MatrixShape shape, MatrixShape.Decoder decoder) {
    return shape.loaded() ? fabric.adder(decoder.look()) : fabric.condition(decoder.look());
  }

  /** A memory that only the host writes, if anybody does. */
  private Area table(MatrixShape shape, int words, int width) {
    return shape.loaded()
        ? fabric.memories().synchronous(fabric, words, width)
        : fabric.memories().constant(fabric, words, width, width);
  }

  /** The memory of all lanes' words, who waits for it, and the chunks of each lane. */
  private Area stream(MatrixShape.Packed packed, int lanes) {
    int address = Fabric.bits(packed.chunks());
    int group = Fabric.bits(packed.groups());
    double luts = 2.0 * fabric.adder(address) + 4.0 * lanes + 3.0 * fabric.adder(group);
    double registers = address + 5.0 * lanes + 3.0 * group + packed.chunkBits();
    int place = Fabric.bits(MatrixStream.AHEAD);
    int words = packed.chunkBits() / packed.wordBits();
    double ofLane =
        3.0 * fabric.adder(place + Fabric.bits(words))
            + packed.wordBits() * fabric.multiplexer(words);
    return new Area(luts, registers, 0, 0)
        .plus(
            packed.chunks() == 0
                ? Area.flipFlops(packed.chunkBits())
                : fabric.filled(packed.chunks(), packed.chunkBits()))
        .plus(numbers(packed))
        .plus(fabric.memories().asynchronous(fabric, packed.groups(), lanes))
        .plus(
            new Area(ofLane, 3.0 * place + Fabric.bits(words) + 1, 0, 0)
                .plus(fabric.memories().buffer(fabric, MatrixStream.AHEAD, packed.chunkBits()))
                .times(lanes));
  }

  /**
   * A memory, and registers that its words go through; of words from outside, the comparison of
   * their CRC with its own.
   */
  private Area numbers(MatrixShape.Packed packed) {
    return packed.numbers() == 0
        ? Area.NONE
        : fabric
            .memories()
            .synchronous(fabric, packed.numbers(), packed.numberBits())
            .plus(Area.flipFlops((double) packed.numbers() * packed.numberBits()))
            .plus(packed.chunks() == 0 ? new Area(fabric.adder(Integer.SIZE), 2, 0, 0) : Area.NONE);
  }

  private Area schedule(MatrixShape shape) {
    return shape.schedule().stream()
        .filter(columns -> columns.bits() > 0)
        .map(columns -> memory(shape.steps(), columns))
        .reduce(Area.NONE, Area::plus);
  }

  private Area feeds(MatrixShape shape) {
    int flags = MatrixNetlist.feedsOfAWord(shape.steps());
    int words = (shape.steps() + flags - 1) / flags;
    Area memory = shape.loaded() ? table(shape, words, flags) : memory(words, Columns.of(flags));
    return memory.plus(Area.luts(fabric.multiplexer(flags)));
  }

  private Area memory(int steps, Columns columns) {
    MemoryBanks banks = MemoryBanks.of(steps, columns.bits());
    if (!banks.isChoice()) {
      return fabric
          .memories()
          .constant(fabric, steps, columns.bits(), columns.distinct())
          .plus(MemoryRules.outputRegister(steps, columns.bits()));
    }
    Area choice = new Area(fabric.banks(banks.count()), 1, 0, 0).times(columns.bits());
    return banks.sizes().stream()
        .map(words -> fabric.memories().constant(fabric, words, columns.bits(), columns.distinct()))
        .map(bank -> bank.plus(Area.flipFlops(columns.bits())))
        .reduce(choice, Area::plus);
  }

  /** Where outputs are, and the choice among the lanes' sums. */
  private Area outputs(MatrixShape shape) {
    int lanes = shape.lanes() / shape.clusters();
    int place = Fabric.bits(shape.rows()) + Fabric.bits(lanes) + 1;
    return table(shape, shape.outputsPerCluster(), place)
        .plus(
            new Area(
                shape.sumBits() * (fabric.multiplexer(lanes) + 1),
                shape.sumBits() + 3.0 * place,
                0,
                0));
  }
}
