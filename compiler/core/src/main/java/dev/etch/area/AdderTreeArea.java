// SPDX-License-Identifier: Apache-2.0
package dev.etch.area;

import java.util.ArrayList;
import java.util.List;

/** The balanced tree of two-input adders in the Verilog's {@code AdderTree}. */
final class AdderTreeArea {
  private final Fabric fabric;
  private final int mostBits;

  /**
   * A number on its way through the tree.
   *
   * @param bits width
   * @param zeros low bits that are always zero
   * @param registers that it went through since it was computed
   */
  record Row(int bits, int zeros, int registers) {
    Row(int bits, int zeros) {
      this(bits, zeros, 0);
    }

    Row registered() {
      return new Row(bits, zeros, registers + 1);
    }

    int used() {
      return Math.max(0, bits - zeros);
    }
  }

  /**
   * A tree.
   *
   * @param mostBits sums are made modulo two to the power of this
   */
  AdderTreeArea(Fabric fabric, int mostBits) {
    this.fabric = fabric;
    this.mostBits = mostBits;
  }

  /** Adders and registers of {@code stages} registered stages. */
  Area of(List<Row> rows, int stages) {
    int levels = Fabric.bits(Math.max(1, rows.size()));
    List<Row> values = rows.isEmpty() ? List.of(new Row(1, 0)) : rows;
    Area area = Area.NONE;
    int done = 0;
    for (int stage = 1; stage <= stages; stage++) {
      int target = (levels * stage + stages - 1) / stages;
      for (; done < target; done++) {
        area = area.plus(adders(values));
        values = level(values);
      }
      values = values.stream().map(Row::registered).toList();
    }
    return area.plus(chain(values.get(0)));
  }

  private Area adders(List<Row> values) {
    Area area = Area.NONE;
    for (int i = 0; i + 1 < values.size(); i += 2) {
      Row sum = pair(values.get(i), values.get(i + 1));
      // below the higher of the two nothing is added
      double bits = sum.bits() - Math.max(values.get(i).zeros(), values.get(i + 1).zeros());
      area =
          area.plus(Area.luts(fabric.adder(bits)))
              .plus(chain(values.get(i)))
              .plus(chain(values.get(i + 1)));
    }
    return area;
  }

  /** The registers that a number has gone through; none of them shift, for they are reset. */
  private static Area chain(Row row) {
    return Area.flipFlops(row.used() * row.registers());
  }

  private List<Row> level(List<Row> values) {
    List<Row> next = new ArrayList<>();
    for (int i = 0; i < values.size(); i += 2) {
      next.add(i + 1 < values.size() ? pair(values.get(i), values.get(i + 1)) : values.get(i));
    }
    return next;
  }

  private Row pair(Row left, Row right) {
    int bits = Math.min(mostBits, Math.max(left.bits(), right.bits()) + 1);
    return new Row(bits, Math.min(bits, Math.min(left.zeros(), right.zeros())));
  }
}
