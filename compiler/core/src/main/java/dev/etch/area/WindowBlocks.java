// SPDX-License-Identifier: Apache-2.0
package dev.etch.area;

import dev.etch.area.AdderTreeArea.Row;
import dev.etch.hardware.PipelineStages;
import dev.etch.hardware.WindowUnit.Operation;
import dev.etch.hardware.memory.MemoryBanks;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The blocks of {@code WindowHardware}, without its requantizers. */
final class WindowBlocks {
  private static final int ROWS_OF_A_CHAIN = 4;

  /** Delay of a drain's index until the reorder memory is written. */
  private static final int LATE = PipelineStages.REQUANTIZER + 1;

  /** Registers of the sequencer's, writer's and serializer's state machines. */
  private static final double CONTROL_REGISTERS = 20;

  /** Steps from which on flags are regular. */
  private static final int LONG_SCHEDULE = 64;

  /** What is left of the tables of regular flags. */
  private static final double REGULAR_TABLES = 0.4;

  private final Fabric fabric;
  private final WindowShape shape;

  WindowBlocks(Fabric fabric, WindowShape shape) {
    this.fabric = fabric;
    this.shape = shape;
  }

  Area all() {
    return control()
        .plus(columns(shape.products() > 0))
        .plus(ports())
        .plus(lanes())
        .plus(drains())
        .plus(reorder());
  }

  /** What is left where an array has the products and the sums: lanes are holding registers. */
  Area sharing() {
    return control()
        .plus(columns(false))
        .plus(ports())
        .plus(Area.flipFlops(shape.valueBits() + 2.0).times(shape.lanes()))
        .plus(drains())
        .plus(reorder());
  }

  /** Sequencer, writer and serializer. */
  Area control() {
    int address = shape.addressBits();
    int slot = Fabric.bits(shape.steps());
    double beat = shape.beatElements() * shape.element().bits();
    double counters = 2.0 * slot + 7.0 * address;
    return new Area(fabric.windowControl() + counters, CONTROL_REGISTERS + counters + beat, 0, 0)
        .plus(Area.flipFlops((double) slot * (PipelineStages.DRAIN - 1)));
  }

  /**
   * The schedule's memories.
   *
   * @param multiplies whether the weights stand in front of multipliers
   */
  private Area columns(boolean multiplies) {
    return shape.schedule().stream()
        .map(memory -> memory(memory, multiplies))
        .reduce(Area.NONE, Area::plus);
  }

  private Area memory(ScheduleMemory memory, boolean multiplies) {
    if (memory.bits() == 0) {
      return Area.NONE;
    }
    MemoryBanks banks = MemoryBanks.of(shape.steps(), memory.bits());
    if (banks.isChoice()) {
      return banked(memory, banks);
    }
    Area whole =
        fabric.memories().constant(fabric, shape.steps(), memory.bits(), memory.distinct());
    Area register = MemoryRules.outputRegister(shape.steps(), memory.bits());
    return whole.blocks() > 0
        ? whole.plus(register)
        : whole.plus(register).plus(regular(memory)).plus(multiplies ? packed(memory) : Area.NONE);
  }

  /** Banks with a register each, and the registered choice of one. */
  private Area banked(ScheduleMemory memory, MemoryBanks banks) {
    Area choice = new Area(fabric.banks(banks.count()), 1, 0, 0).times(memory.bits());
    return banks.sizes().stream()
        .map(words -> fabric.memories().constant(fabric, words, memory.bits(), memory.distinct()))
        .map(bank -> bank.plus(Area.flipFlops(memory.bits())))
        .reduce(choice, Area::plus);
  }

  /** Flags and outputs of long schedules repeat; logic makes use of that. */
  private Area regular(ScheduleMemory memory) {
    double part = shape.steps() > LONG_SCHEDULE ? REGULAR_TABLES : 1;
    return Area.luts((part - 1) * memory.repeating().distinct() * fabric.table(shape.steps()));
  }

  /** Registers of weights in front of a DSP block are part of it. */
  private Area packed(ScheduleMemory memory) {
    return fabric.packsRegisters() ? Area.flipFlops(-memory.weights().distinct()) : Area.NONE;
  }

  /** Copies of the circular memory, or its banks, and the operands that are read from them. */
  Area ports() {
    int bits = shape.element().bits();
    int words = Math.max(2, shape.bufferWords());
    Area memories = Area.NONE;
    for (int stored : shape.storedElements()) {
      memories =
          memories
              .plus(fabric.memories().synchronous(fabric, words, stored * bits))
              .plus(MemoryRules.outputRegister(words, stored * bits));
    }
    double addresses = shape.addresses() ? shape.addressBits() : 0;
    Area address = new Area(fabric.adder(addresses), addresses, 0, 0);
    double chosen = shape.banks() * shape.choices() / (double) shape.feeds();
    double select =
        bits * (chosen > 1 ? Math.max(1, fabric.multiplexer((int) Math.ceil(chosen))) : 0);
    int registers = PipelineStages.FACTOR - PipelineStages.BEAT;
    Area feed = new Area(select, (double) registers * shape.operandBits(), 0, 0);
    return memories
        .plus(address.times(shape.ports() + shape.bases() - 1.0))
        .plus(feed.times(shape.feeds()));
  }

  /** Multipliers, accumulators and holding registers. */
  Area lanes() {
    int value = shape.valueBits();
    Area product = fabric.product(shape.operandBits(), Math.max(1, shape.weightBits()));
    boolean maximum = shape.operation() == Operation.MAXIMUM;
    // a sum begins with its first operand; a maximum compares and chooses
    double sum = (maximum ? fabric.adder(value) + 2 * value : fabric.gatedAdder(value)) + 2;
    int borrowing = shape.products() == 0 ? 0 : shape.lanes() - shape.products();
    return product
        .times(shape.products())
        .plus(Area.luts(Math.max(0, borrowing)))
        .plus(new Area(sum, value + 1.0, 0, 0).times(shape.accumulating()))
        .plus(Area.flipFlops(value).times(shape.lanes()))
        .plus(term().times(shape.lanes()));
  }

  /** What a lane has in front of its accumulator, besides a DSP block. */
  private Area term() {
    return switch (shape.operation()) {
      case MULTIPLY_ACCUMULATE -> shape.products() == 0 ? sumOfRows() : Area.NONE;
      case SUM, MAXIMUM -> Area.flipFlops(shape.operandBits());
      case DOT -> dot();
    };
  }

  /**
   * {@code ArrayProduct} in the Verilog: a row for every bit of the weight, in two chains if there
   * are many.
   */
  private Area sumOfRows() {
    int operand = shape.operandBits();
    int rows = shape.weightBits();
    int chains = rows > ROWS_OF_A_CHAIN ? 2 : 1;
    double first = chains * operand;
    double others = (rows - chains) * fabric.adder(operand + 1.0);
    double join = chains == 2 ? fabric.adder(operand + 1.0 + (rows + 1) / 2) : 0;
    return new Area(first + others + join, (double) operand + shape.weightBits(), 0, 0);
  }

  /**
   * {@code DotProduct} in the Verilog: elements kept, inverted or dropped, and two stages of sums.
   */
  private Area dot() {
    boolean binary = shape.element().bits() == 1 && !shape.element().signed();
    int bits = binary ? 1 : shape.operandBits();
    int elements = shape.beatElements();
    List<Row> rows = new ArrayList<>(Collections.nCopies(elements, new Row(bits, 0)));
    rows.add(new Row(Fabric.bits(elements + 1) + 1, 0));
    int width = bits + Fabric.bits(elements) + 1;
    // a binary factor is part of the first sum's table
    double factors = binary ? elements / 2.0 : (double) elements * bits;
    return new AdderTreeArea(fabric, width).of(rows, 2).plus(Area.luts(factors));
  }

  /** The registers that take parts from the lanes and sum them. */
  Area drains() {
    int value = shape.valueBits();
    int choices = (int) Math.ceil(shape.lanes() / (double) shape.clusters());
    double pick = value * fabric.multiplexer(choices);
    boolean sums = shape.splits();
    Area cluster = new Area(pick + (sums ? fabric.adder(value) : 0), 2.0 * value, 0, 0);
    int index = shape.outputBits() + Fabric.bits(shape.reorderPixels()) + 1;
    Area group = Area.luts(8 + index).plus(fabric.memories().shiftRegister(index, LATE));
    return cluster.times(shape.clusters()).plus(group.times(shape.drainGroups()));
  }

  /** The memory that holds the outputs of a pixel until it is complete, and the beat held. */
  Area reorder() {
    int words = shape.reorderPixels() << shape.outputBits();
    double width = shape.clusters() * shape.result().bits() / (double) shape.drainGroups();
    return fabric
        .memories()
        .synchronous(fabric, words, (int) Math.ceil(width))
        .times(shape.drainGroups());
  }
}
