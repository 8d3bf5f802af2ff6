// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import dev.etch.hardware.memory.Memory;
import dev.etch.hardware.memory.MemoryUse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The columns of a unit's static schedule: an entry for each slot of the sequencer. Columns of a
 * stage are fields of one read-only memory ({@link ScheduleWord}), because synthesizers fill a
 * block memory with the fields of one memory, but do not put several memories into a block. Equal
 * columns of a stage are one field, and a column with equal entries is a constant.
 */
public final class ScheduleColumns {
  private final int slots;
  private final boolean loaded;
  private final boolean isOutside;
  private final Map<String, Column> columns = new HashMap<>();
  private final Map<Key, Column> known = new HashMap<>();
  private final TreeMap<Integer, List<Column>> stages = new TreeMap<>();

  /**
   * One column.
   *
   * @param name of its data in the Verilog
   * @param stage cycles from the slot until an entry is there
   * @param use what it is for
   * @param entries one a slot; not copied
   * @param width bits of an entry
   * @param loaded whether the host loads the entries: then it is never a constant, and never the
   *     same as another column
   */
  public record Column(
      String name, int stage, MemoryUse use, long[] entries, int width, boolean loaded) {
    /** Whether all entries are equal, and stay so. */
    public boolean isConstant() {
      return !loaded && Arrays.stream(entries).allMatch(entry -> entry == entries[0]);
    }
  }

  private record Key(int stage, int width, long[] entries) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Key key
          && key.stage == stage
          && key.width == width
          && Arrays.equals(key.entries, entries);
    }

    @Override
    public int hashCode() {
      return 31 * (31 * stage + width) + Arrays.hashCode(entries);
    }
  }

  ScheduleColumns(int slots) {
    this(slots, false, false);
  }

  /**
   * Columns without entries.
   *
   * @param loaded whether the host loads those that do not say it themselves
   * @param isOutside whether all but those of drains come from a memory outside
   */
  ScheduleColumns(int slots, boolean loaded, boolean isOutside) {
    this.slots = slots;
    this.loaded = loaded;
    this.isOutside = isOutside;
  }

  /** Adds a column that is loaded if all are; one without bits is a constant in any case. */
  void add(String name, int stage, MemoryUse use, long[] entries, int width) {
    add(new Column(name, stage, use, entries, width, loaded && width > 0));
  }

  void add(Column column) {
    if (column.entries().length != slots) {
      throw new IllegalArgumentException("column " + column.name() + " has no entry for each slot");
    }
    Column field = column;
    if (column.loaded()) {
      field(column);
    } else if (!column.isConstant()) {
      Key key = new Key(column.stage(), column.width(), column.entries());
      field = known.computeIfAbsent(key, unused -> field(column));
    }
    columns.put(column.name(), field);
  }

  private Column field(Column column) {
    stages.computeIfAbsent(column.stage(), unused -> new ArrayList<>()).add(column);
    return column;
  }

  /** The column of that name, or the equal one whose field it uses. */
  public Column get(String name) {
    Column column = columns.get(name);
    if (column == null) {
      throw new IllegalArgumentException("no column " + name);
    }
    return column;
  }

  /** Slots of the schedule, the words of its memories. */
  public int slots() {
    return slots;
  }

  /** The memories, by ascending stages. */
  public List<ScheduleWord> words() {
    return stages.entrySet().stream()
        .flatMap(
            stage ->
                words(
                    stage.getKey(),
                    stage.getValue().stream().filter(field -> !isOutside(field)).toList()))
        .toList();
  }

  /** The fields that come from a memory outside, by ascending stages. */
  public List<Column> outside() {
    return fields().stream().filter(this::isOutside).toList();
  }

  private boolean isOutside(Column field) {
    return isOutside && field.use() != MemoryUse.DRAINS;
  }

  /** Those of constants, and behind them those that the host loads, a word of its bus wide. */
  private Stream<ScheduleWord> words(int stage, List<Column> fields) {
    List<Column> constant = fields.stream().filter(field -> !field.loaded()).toList();
    List<ScheduleWord> words = new ArrayList<>();
    if (!constant.isEmpty()) {
      words.addAll(new ScheduleWord(memoryName(stage), stage, slots, constant).withoutRest());
    }
    List<Column> open = new ArrayList<>();
    int width = 0;
    int number = 0;
    for (Column field : fields) {
      if (!field.loaded()) {
        continue;
      }
      if (width + field.width() > LoadMap.WORD_BITS && !open.isEmpty()) {
        words.add(loadedWord(stage, number++, open));
        open.clear();
        width = 0;
      }
      open.add(field);
      width += field.width();
    }
    if (!open.isEmpty()) {
      words.add(loadedWord(stage, number, open));
    }
    return words.stream();
  }

  /** A memory that is written has at least two words. */
  private ScheduleWord loadedWord(int stage, int number, List<Column> fields) {
    String name = memoryName(stage) + "_part" + number;
    return new ScheduleWord(name, stage, Math.max(2, slots), fields);
  }

  /** The fields of all memories. */
  public List<Column> fields() {
    return stages.values().stream().flatMap(List::stream).toList();
  }

  /**
   * The memory that has a column's field.
   *
   * @throws IllegalArgumentException if the column is a constant
   */
  public ScheduleWord wordOf(String name) {
    Column field = get(name);
    return words().stream()
        .filter(word -> word.fields().contains(field))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("column " + name + " is a constant"));
  }

  /** Name of the memory of a stage. */
  public static String memoryName(int stage) {
    return "schedule" + stage;
  }

  /** A memory a bank. */
  List<Memory> memories() {
    return words().stream().flatMap(word -> word.memories().stream()).toList();
  }
}
