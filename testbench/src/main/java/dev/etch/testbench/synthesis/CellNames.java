// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench.synthesis;

/** Names of cells after synthesis and packing, in the words of the Verilog. */
final class CellNames {
  /** The wrapper's name for the design. */
  private static final String CORE = "core.";

  /** The top module's prefix of unit instances. */
  private static final String UNIT = "unit_";

  /** What Yosys and nextpnr append to a name starts with the type of a cell. */
  private static final String APPENDED =
      "_(TRELLIS_|SB_|LUT\\d|DFF|CCU2C|PFUMX|L6MUX21|MULT|ALU|MUX2_|OXIDE_|WIDEFN9|FD1P3|EBR|PDP|DP16)"
          + "[A-Z0-9_].*";

  private CellNames() {}

  /** The cell of {@code cell/pin}. */
  static String cell(String pin) {
    return pin.substring(0, pin.lastIndexOf('/'));
  }

  /** {@code conv1} of {@code core.unit_conv1.lane0_sum_TRELLIS_FF_Q}; empty in the wrapper. */
  static String unit(String cell) {
    if (!cell.startsWith(CORE)) {
      return "";
    }
    String inside = cell.substring(CORE.length());
    int end = inside.indexOf('.');
    String instance = end < 0 ? "top" : inside.substring(0, end);
    return instance.startsWith(UNIT) ? instance.substring(UNIT.length()) : instance;
  }

  /** {@code lane0_sum} of the same: what stands in the unit's Verilog. */
  static String place(String cell) {
    String inside = cell.startsWith(CORE) ? cell.substring(CORE.length()) : cell;
    String name = inside.substring(inside.indexOf('.') + 1);
    return name.replaceFirst(APPENDED, "");
  }
}
