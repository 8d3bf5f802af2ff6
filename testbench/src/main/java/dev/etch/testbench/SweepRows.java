// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import dev.etch.testbench.ArithmeticSweep.Field;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * An {@link ArithmeticSweep} for a Verilog testbench: a row of bits for each cycle, with what it
 * sets in front of this cycle and what it finds behind it.
 */
public final class SweepRows {
  private final ArithmeticSweep sweep;
  private final List<Column> columns = new ArrayList<>();
  private final Map<Field, Integer> starts = new LinkedHashMap<>();
  private int bits;

  /**
   * Some bits of a row.
   *
   * @param unit name of the instance of a unit
   * @param register in it that they are of
   * @param start the lowest bit in the row
   * @param bits how many
   * @param set whether the register is set to them; else it has to carry them behind the cycle, if
   *     the bit of the row above them is set
   */
  public record Column(String unit, String register, int start, int bits, boolean set) {
    public Column {
      Objects.requireNonNull(unit);
      Objects.requireNonNull(register);
    }
  }

  /** The rows of a sweep. */
  public SweepRows(ArithmeticSweep sweep) {
    this.sweep = Objects.requireNonNull(sweep);
    Map<String, List<Field>> registers =
        sweep.tracks().stream()
            .flatMap(track -> track.given().stream())
            .map(ArithmeticSweep.Given::field)
            .collect(groupingBy(Field::path, LinkedHashMap::new, toList()));
    registers.values().forEach(this::addSet);
    for (ArithmeticSweep.Track track : sweep.tracks()) {
      starts.put(track.result(), add(track.result(), track.result().bits(), false));
      bits++;
    }
  }

  /** Whole registers are set, so fields of one and the same are in one column. */
  private void addSet(List<Field> fields) {
    int width = fields.stream().mapToInt(f -> f.low() + f.bits()).max().orElseThrow();
    int start = add(fields.get(0), width, true);
    fields.forEach(field -> starts.put(field, start + field.low()));
  }

  private int add(Field field, int width, boolean set) {
    columns.add(new Column(field.unit(), field.register(), bits, width, set));
    bits += width;
    return bits - width;
  }

  /** What is in a row. */
  public List<Column> columns() {
    return List.copyOf(columns);
  }

  /** Bits of a row. */
  public int bits() {
    return bits;
  }

  /** How many rows there are. */
  public int count() {
    return sweep.cycles();
  }

  /** The rows, as hexadecimal numbers. */
  public List<String> lines() {
    return IntStream.range(0, count()).mapToObj(this::line).toList();
  }

  private String line(int cycle) {
    BigInteger row = BigInteger.ZERO;
    for (ArithmeticSweep.Track track : sweep.tracks()) {
      for (ArithmeticSweep.Given given : track.given()) {
        row = with(row, given.field(), given.in(cycle));
      }
      int made = cycle - ArithmeticSweep.RESULT_DELAY;
      if (made >= 0 && made < track.results().length) {
        row = with(row, track.result(), track.results()[made]);
        row = row.setBit(starts.get(track.result()) + track.result().bits());
      }
    }
    return row.toString(16);
  }

  private BigInteger with(BigInteger row, Field field, long value) {
    return row.or(unsigned(field.of(value)).shiftLeft(starts.get(field)));
  }

  private static BigInteger unsigned(long value) {
    return new BigInteger(Long.toUnsignedString(value));
  }
}
