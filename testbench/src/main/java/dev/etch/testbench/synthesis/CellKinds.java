// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench.synthesis;

import dev.etch.templates.script.SynthesisFlow;
import java.util.List;
import java.util.regex.Pattern;

/** What the cells of a device family count as; the first kind that matches a name holds. */
final class CellKinds {
  private record Kind(Pattern name, Cells each) {}

  private static final Cells FLIP_FLOP = new Cells(0, 1, 0, 0);
  private static final Cells MULTIPLIER = new Cells(0, 0, 1, 0);
  private static final Cells BLOCK = new Cells(0, 0, 0, 1);

  private final List<Kind> kinds;

  private CellKinds(Kind... kinds) {
    this.kinds = List.of(kinds);
  }

  /** The cells of a family. */
  static CellKinds of(SynthesisFlow flow) {
    return switch (flow) {
      case GENERIC ->
          new CellKinds(
              kind("\\$_S?DFF.*|\\$_[A-Z]*DFF.*|\\$_DLATCH.*", FLIP_FLOP), kind("\\$_.*", luts(1)));
      case XC7 ->
          new CellKinds(
              kind("LUT\\d|INV|SRL.*|RAM(32|64|128|256)X1S", luts(1)),
              kind("RAM(32|64)X1D", luts(2)),
              kind("RAM32M|RAM64M|RAM(128|256)X1D", luts(4)),
              kind("FD[RSCP]E.*|LD[CP]E.*", FLIP_FLOP),
              kind("DSP48E1", MULTIPLIER),
              kind("RAMB18E1", BLOCK),
              kind("RAMB36E1", BLOCK.times(2)));
      case ICE40 ->
          new CellKinds(
              kind("SB_LUT4", luts(1)),
              kind("SB_DFF.*", FLIP_FLOP),
              kind("SB_MAC16", MULTIPLIER),
              kind("SB_RAM40_4K.*", BLOCK));
      case ECP5 ->
          new CellKinds(
              kind("LUT4", luts(1)),
              kind("CCU2C", luts(2)),
              kind("TRELLIS_DPR16X4", luts(4)),
              kind("TRELLIS_FF", FLIP_FLOP),
              kind("MULT18X18D", MULTIPLIER),
              kind("DP16KD|PDPW16KD", BLOCK));
      case NEXUS ->
          new CellKinds(
              kind("LUT4|INV", luts(1)),
              kind("CCU2|WIDEFN9", luts(2)),
              kind("DPR16X4", luts(4)),
              kind("FD1P3.X", FLIP_FLOP),
              kind("MULT.*", MULTIPLIER),
              kind("DP16K.*|PDP(SC)?16K.*", BLOCK));
      case GOWIN ->
          new CellKinds(
              kind("LUT\\d|ALU|INV", luts(1)),
              kind("RAM16S.*", luts(4)),
              kind("DFF.*", FLIP_FLOP),
              kind("MULT.*", MULTIPLIER),
              kind("S?DPX?9?B?|SPX?9?|SDP.*", BLOCK));
    };
  }

  private static Kind kind(String name, Cells each) {
    return new Kind(Pattern.compile(name), each);
  }

  private static Cells luts(int count) {
    return new Cells(count, 0, 0, 0);
  }

  /** What a cell of that name counts as. */
  Cells each(String cell) {
    return kinds.stream()
        .filter(k -> k.name().matcher(cell).matches())
        .findFirst()
        .map(Kind::each)
        .orElse(Cells.NONE);
  }
}
