// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench.synthesis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TimingGraphTest {
  private static final String ROM = "core.unit_conv1.schedule4_rom.0.1";
  private static final String TABLE = "core.unit_conv1.lane7_sum_LUT4_Z_2";
  private static final String SUM = "core.unit_conv1.lane7_sum_TRELLIS_FF_Q_13";
  private static final String CARRY = "core.unit_conv1.lane7_sum_TRELLIS_FF_Q_12";

  private static String wire(String from, String to, int delay) {
    return "(INTERCONNECT %s %s (%3$d:%3$d:%3$d) (%3$d:%3$d:%3$d))%n".formatted(from, to, delay);
  }

  private static String cell(String name, String delays, String checks) {
    return "(CELL%n(CELLTYPE \"x\")%n(INSTANCE %s)%n%s%s)%n".formatted(name, delays, checks);
  }

  private static String through(String from, String to, int delay) {
    return "(IOPATH %s %s (0:0:%3$d) (0:0:%3$d))%n".formatted(from, to, delay);
  }

  private static String sampled(String pin, int setup) {
    return "(SETUPHOLD (posedge %s) (posedge CLK) (%3$d:%3$d:%3$d) (0:0:0))%n"
        .formatted(pin, null, setup);
  }

  /** A memory, a table behind it, two bits of a register behind that, and a clock. */
  private static String delays() {
    return wire("clock/Z", ROM + "/CLK", 900)
        + wire("clock/Z", SUM + "/CLK", 900)
        + wire(ROM + "/DO", TABLE + "/A", 2000)
        + wire(TABLE + "/Z", SUM + "/DI", 140)
        + wire(TABLE + "/Z", CARRY + "/DI", 100)
        + wire(SUM + "/Q", ROM + "/AD", 700)
        + cell("clock", through("PAD", "Z", 1500), "")
        + cell(ROM, through("CLK", "DO", 5830), sampled("AD", 50))
        + cell(TABLE, through("A", "Z", 240), "")
        + cell(SUM, through("CLK", "Q", 500), sampled("DI", 260))
        + cell(CARRY, through("CLK", "Q", 500), sampled("DI", 260));
  }

  @Test
  void pathsAreFoundFromRegisterToRegister(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("x.sdf"), delays());
    TimingGraph graph = DelayFile.read(file);
    assertArrayEquals(new double[] {1.25, 8.43, 8.47}, graph.lengths(), 1e-9);
    assertEquals(
        List.of(
            new CriticalPath("conv1", "conv1", "schedule4_rom.0.1", "lane7_sum", 6.33, 2.14),
            new CriticalPath("conv1", "conv1", "lane7_sum", "schedule4_rom.0.1", 0.55, 0.7)),
        graph.longest(3, PackedRegisters.none()));
  }

  @Test
  void slackIsCountedAtTheClock() {
    SlackHistogram histogram = SlackHistogram.of(new double[] {1, 8, 9, 13}, 10);
    assertEquals(4, histogram.bins().stream().mapToInt(SlackHistogram.Bin::endpoints).sum());
    assertEquals(-3, histogram.bins().get(0).fromNanoseconds(), 1e-9);
    assertEquals(1, histogram.bins().get(0).endpoints());
    assertEquals(9, histogram.bins().get(histogram.bins().size() - 1).toNanoseconds(), 1e-9);
    assertEquals(List.of(), SlackHistogram.of(new double[0], 10).bins());
  }

  @Test
  void cellsAreNamedAsInTheVerilog() {
    assertEquals("", CellNames.unit("captured_TRELLIS_FF_Q"));
    assertEquals("top", CellNames.unit("core.monitor_cycles_SB_DFFESR_Q_D_SB_LUT4_O_4_LC"));
    assertEquals("monitor_cycles", CellNames.place("core.monitor_cycles_SB_DFFESR_Q_D_SB_LUT4_O"));
    assertEquals("enough", CellNames.place("core.unit_c.enough_DFFRE_Q_D_LUT3_F"));
    assertEquals("array_0", CellNames.unit("core.array_0.lane0_accumulator_SB_MAC16_O_DSP"));
  }
}
