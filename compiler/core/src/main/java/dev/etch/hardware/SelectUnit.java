// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

import dev.etch.hardware.arithmetic.Bits;
import dev.etch.hardware.memory.ConstantTable;
import java.math.BigInteger;
import java.util.List;
import java.util.Objects;

/**
 * Makes each row of the output from beats of one row of the input: slices, nearest-neighbour
 * resizing, broadcasting, and, with the whole frame as one row, any order of the beats.
 *
 * <p>Output row r has, for each column c and place p, beat {@code columns[c] + places[p]} of input
 * row {@code rows[r]}. The parts (all flags are registers, t is a cycle):
 *
 * <ol>
 *   <li><b>Writer.</b> A memory of {@link #SLOTS} rows. In a cycle with {@code occupied < SLOTS}
 *       and a beat in the input queue it pops and stores it. With the last beat of a row that the
 *       output has, {@code occupied} and {@code ready} grow by one at the end of the cycle; a row
 *       that it does not have is overwritten.
 *   <li><b>Reader.</b> A pipeline of {@link #STAGES} registers that moves as {@link MapUnit} says;
 *       the first stage takes the next beat of the output if {@code ready > 0}. With a row's last
 *       beat of the last output row that copies it, {@code ready} goes down by one at the end of
 *       the cycle in which the first stage takes it, and {@code occupied} at the end of the cycle
 *       in which the last stage takes it.
 * </ol>
 *
 * @param name Verilog name
 * @param layer name in the model
 * @param input beats
 * @param output beats of the same type
 * @param inputRows rows of an input frame; divides its beats
 * @param rows for each output row the input row that it copies; never decreases
 * @param columns where each output column starts in its input row, in beats
 * @param places beats of a column, counted from there
 */
public record SelectUnit(
    String name,
    String layer,
    Stream input,
    Stream output,
    int inputRows,
    List<Integer> rows,
    List<Integer> columns,
    List<Integer> places)
    implements Unit {
  /** Rows that the memory holds. */
  public static final int SLOTS = 2;

  /** Registers from the counters of the output to its queue. */
  public static final int STAGES = 3;

  public SelectUnit {
    Identifiers.requireLegal(name);
    Objects.requireNonNull(layer);
    rows = List.copyOf(rows);
    columns = List.copyOf(columns);
    places = List.copyOf(places);
    if (!input.type().equals(output.type())
        || input.beatsPerFrame() % inputRows != 0
        || output.beatsPerFrame() != rows.size() * columns.size() * places.size()) {
      throw new IllegalArgumentException("rows, columns and places do not fit the streams");
    }
    int beats = input.beatsPerFrame() / inputRows;
    int farthest = max(columns) + max(places);
    if (farthest >= beats || min(columns) < 0 || min(places) < 0) {
      throw new IllegalArgumentException("a row has " + beats + " beats, not " + farthest);
    }
    if (max(rows) >= inputRows || min(rows) < 0) {
      throw new IllegalArgumentException("a frame has " + inputRows + " rows");
    }
    for (int r = 1; r < rows.size(); r++) {
      if (rows.get(r) < rows.get(r - 1)) {
        throw new IllegalArgumentException("rows never go back");
      }
    }
  }

  private static int max(List<Integer> values) {
    return values.stream().mapToInt(Integer::intValue).max().orElseThrow();
  }

  private static int min(List<Integer> values) {
    return values.stream().mapToInt(Integer::intValue).min().orElseThrow();
  }

  /** The memory of {@code columns}. */
  public ConstantTable columnTable() {
    return table("column", columns);
  }

  /** The memory of {@code places}. */
  public ConstantTable placeTable() {
    return table("place", places);
  }

  private ConstantTable table(String name, List<Integer> entries) {
    return ConstantTable.of(
        name,
        0,
        entries.stream().map(entry -> BigInteger.valueOf(entry)).toList(),
        Math.max(1, Bits.choosing(rowBeats())));
  }

  /** Beats of an input row. */
  public int rowBeats() {
    return input.beatsPerFrame() / inputRows;
  }

  /** Whether output row {@code row} is the last that copies its input row. */
  public boolean isLastCopy(int row) {
    return row == rows.size() - 1 || !rows.get(row + 1).equals(rows.get(row));
  }

  /** Input beat that output beat {@code beat} of a frame copies. */
  public int source(int beat) {
    int place = beat % places.size();
    int column = beat / places.size() % columns.size();
    int row = beat / places.size() / columns.size();
    return rows.get(row) * rowBeats() + columns.get(column) + places.get(place);
  }

  @Override
  public List<Stream> inputs() {
    return List.of(input);
  }

  @Override
  public List<Stream> outputs() {
    return List.of(output);
  }

  @Override
  public <R> R accept(Visitor<R> visitor) {
    return visitor.select(this);
  }
}
