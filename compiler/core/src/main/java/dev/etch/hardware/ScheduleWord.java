// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import dev.etch.hardware.ScheduleColumns.Column;
import dev.etch.hardware.memory.Memory;
import dev.etch.hardware.memory.MemoryBanks;
import dev.etch.hardware.memory.MemoryUse;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A read-only memory of a schedule, with a word for each slot of the sequencer.
 *
 * @param name in the Verilog, without {@code _rom}
 * @param stage cycles from the slot until the word is there
 * @param slots words
 * @param fields of a word, the lowest first
 */
public record ScheduleWord(String name, int stage, int slots, List<Column> fields) {
  private static final int BLOCK_BITS = 18 * 1024;
  private static final int WIDEST = 36;
  private static final int NARROWEST = 9;
  private static final int SMALL_PART = 18;

  public ScheduleWord {
    fields = List.copyOf(fields);
  }

  /** Bits of a word. */
  public int width() {
    return fields.stream().mapToInt(Column::width).sum();
  }

  /** The lowest bit of a field. */
  public int start(Column field) {
    return fields.stream().takeWhile(other -> other != field).mapToInt(Column::width).sum();
  }

  /** Whether the host loads its fields. */
  public boolean isLoaded() {
    return fields.get(0).loaded();
  }

  /** Whether the memory may be a block. */
  public boolean isBlock() {
    return Memory.isBlock(slots, width());
  }

  /** The banks of the memory. */
  public MemoryBanks banks() {
    return MemoryBanks.of(slots, width());
  }

  /** When the memory is read, in cycles after the slot; -1 is the cycle before. */
  public int readStage() {
    return stage - (banks().isChoice() ? 3 : isBlock() ? 2 : 1);
  }

  /** Name of a bank, without {@code _rom}: the memory's own if it is the only one. */
  public String bankName(int bank) {
    return banks().isChoice() ? name + "_bank" + bank : name;
  }

  /** A memory a bank. */
  List<Memory> memories() {
    Map<MemoryUse, Integer> widths = new EnumMap<>(MemoryUse.class);
    fields.forEach(field -> widths.merge(field.use(), field.width(), Integer::sum));
    MemoryBanks banks = banks();
    List<Memory> memories = new ArrayList<>();
    for (int bank = 0; bank < banks.count(); bank++) {
      memories.add(
          new Memory(
              bankName(bank) + Memory.suffix(isLoaded()), banks.words(bank), widths, isLoaded()));
    }
    return memories;
  }

  /**
   * The same fields in one memory or two: where a word is a bit or two wider than some memory
   * blocks are together, so many flags are a memory of their own. For their sake alone, a
   * synthesizer would take one more block, or make all of it of logic.
   */
  List<ScheduleWord> withoutRest() {
    int side = Math.min(WIDEST, Integer.highestOneBit(BLOCK_BITS / slots / NARROWEST) * NARROWEST);
    int rest = side == 0 ? 0 : width() % side;
    List<Column> flags =
        fields.stream()
            .filter(field -> field.use() == MemoryUse.FLAGS && field.width() == 1)
            .limit(rest)
            .toList();
    if (!isBlock()
        || width() < side
        || rest == 0
        || rest * SMALL_PART > side
        || flags.size() < rest) {
      return List.of(this);
    }
    List<Column> others = fields.stream().filter(field -> !flags.contains(field)).toList();
    return List.of(
        new ScheduleWord(name, stage, slots, others),
        new ScheduleWord(name + "_flags", stage, slots, flags));
  }
}
