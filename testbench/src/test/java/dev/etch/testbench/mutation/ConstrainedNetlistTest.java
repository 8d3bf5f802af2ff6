// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench.mutation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.exact.Interval;
import dev.etch.testbench.ToolRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Proofs for the values that can occur. */
class ConstrainedNetlistTest {
  /** The sum's bit 3 is set from 8 on; a memory gets zeros while it is not written. */
  private static final String DESIGN =
      """
      module top (
        input  wire       clk,
        input  wire [3:0] a,
        input  wire       store,
        input  wire       place,
        output reg  [4:0] y,
        output wire [3:0] kept
      );
        reg [3:0] memory [0:1];
        reg [3:0] late;
        reg       where;
        assign kept = memory[place];
        always @(posedge clk) begin
          late <= a;
          where <= place ^ a[0];
          y <= late + 4'd1;
          if (store) memory[where] <= store ? a : 4'd0;
        end
      endmodule
      """;

  @TempDir private Path folder;
  private Mutator mutator;

  @BeforeEach
  void readDesign() throws IOException {
    Path rtl = Files.createDirectory(folder.resolve("rtl"));
    Files.writeString(rtl.resolve("top.v"), DESIGN);
    mutator = new Mutator(rtl, "top", Files.createDirectory(folder.resolve("yosys")));
  }

  private static ReachableRange range(String wire, long low, long high) {
    return ReachableRange.ofAll("top", wire, 4, false, new Interval(low, high));
  }

  private Mutant stuckAtZero(int bit) {
    return mutator.draw(300, 1).stream()
        .filter(m -> m.command().contains("-mode const0 "))
        .filter(m -> m.command().contains("-cell $add$"))
        .filter(m -> m.command().contains("-port Y -portbit " + bit))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aBitThatIsNeverSetMayBeStuck() {
    Mutant mutant = stuckAtZero(3);
    assertFalse(mutator.proof(List.of()).holds(mutant, 60));
    assertFalse(mutator.proof(List.of(range("a", 0, 7))).holds(mutant, 60), "7 + 1 sets it");
    assertTrue(mutator.proof(List.of(range("a", 0, 6))).holds(mutant, 60));
    assertTrue(mutator.proof(List.of(range("late", 0, 6))).holds(mutant, 60), "a register");
  }

  @Test
  void theDesignIsTheSameForReachableValues() throws IOException {
    mutator.proof(List.of(range("a", 2, 9)));
    Path constrained = folder.resolve("constrained");
    mutator.writeConstrained(constrained);
    String test =
        """
        module test;
          reg clk = 0;
          reg [3:0] a;
          wire [4:0] y;
          wire [3:0] kept;
          top dut (.clk(clk), .a(a), .store(1'b0), .place(1'b0), .y(y), .kept(kept));
          integer i;
          initial for (i = 0; i < 16; i = i + 1) begin
            a = i;
            repeat (2) begin #1 clk = 1; #1 clk = 0; end
            $write("%0d ", y);
          end
        endmodule
        """;
    Files.writeString(constrained.resolve("test.v"), test);
    ToolRunner.runChecked(
        constrained, 60, List.of("iverilog", "-o", "t", "constrained.v", "test.v"));
    String shown = ToolRunner.runChecked(constrained, 60, List.of("vvp", "-n", "t"));
    assertEquals("3 3 3 4 5 6 7 8 9 10 3 3 3 3 3 3", shown.strip());
  }

  @Test
  void aWireThatDoesNotExistIsAnError() {
    List<ReachableRange> ranges = List.of(range("nothing", 0, 1));
    assertThrows(IllegalStateException.class, () -> mutator.proof(ranges));
  }

  @Test
  void aModuleThatDoesNotExistIsAnError() {
    List<ReachableRange> ranges =
        List.of(ReachableRange.ofAll("nothing", "a", 4, false, new Interval(0, 1)));
    assertThrows(IllegalStateException.class, () -> mutator.proof(ranges));
  }

  @Test
  void whatAMemoryIsGivenWithoutBeingWrittenMakesNoDifference() {
    Mutant idle =
        mutator.draw(300, 1).stream()
            .filter(m -> m.command().contains("-mode const1 "))
            .filter(m -> m.command().contains("-cell $ternary$"))
            .filter(m -> m.command().contains("-port A "))
            .findFirst()
            .orElseThrow();
    assertTrue(mutator.proof(List.of()).holds(idle, 60));
  }
}
