// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench.mutation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.etch.testbench.ToolRunner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mutants of a small design, and which of them show nothing. */
class MutatorTest {
  private static final String DESIGN =
      """
      module top (
        input  wire       clk,
        input  wire [3:0] a,
        output wire [3:0] y
      );
        leaf inside (
          .clk (clk), //i
          .a   (a  ), //i
          .y   (y  )  //o
        );
      endmodule

      module leaf (
        input  wire       clk,
        input  wire [3:0] a,
        output reg  [3:0] y
      );
        reg [3:0] rom [0:1];
        initial begin
          rom[0] = 4'h2;
          rom[1] = 4'h6;
        end
        always @(posedge clk) begin
          y <= (a ^ 4'd5) & rom[a[0]];
        end
      endmodule
      """;

  private static final String TEST =
      """
      module test;
        reg clk = 0;
        wire [3:0] y;
        top dut (.clk(clk), .a(4'h0), .y(y));
        initial begin
          #1 clk = 1;
          #1 clk = 0;
          #1 clk = 1;
          #1 $display("y=%b", y);
        end
      endmodule
      """;

  @TempDir private Path folder;
  private Mutator mutator;

  @BeforeEach
  void readDesign() throws IOException {
    Path rtl = Files.createDirectory(folder.resolve("right"));
    Files.writeString(rtl.resolve("top.v"), DESIGN);
    mutator = new Mutator(rtl, "top", Files.createDirectory(folder.resolve("yosys")));
  }

  private Mutant mutant(String cell, String port, int bit) {
    return mutator.draw(200, 1).stream()
        .filter(m -> m.command().contains("-mode inv ") && m.module().equals("leaf"))
        .filter(m -> m.command().contains("-cell $" + cell + "$"))
        .filter(m -> m.command().contains("-port " + port + " -portbit " + bit))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void drawsTheSameAgainAndOthersWithAnotherSeed() {
    assertEquals(mutator.draw(20, 1), mutator.draw(20, 1));
    assertNotEquals(mutator.draw(20, 1), mutator.draw(20, 2));
    assertEquals(20, mutator.draw(20, 1).size());
  }

  @Test
  void leavesTheContentsOfMemoriesAlone() {
    assertTrue(mutator.draw(200, 1).stream().noneMatch(m -> m.command().contains("$meminit")));
  }

  @Test
  void oneOfManyIsActive() throws IOException {
    Path rtl = folder.resolve("mutants");
    Path selection = folder.resolve("selected.hex");
    mutator.write(List.of(mutant("and", "Y", 1), mutant("and", "Y", 2)), rtl, selection.toString());
    assertFalse(Files.readString(rtl.resolve("altered.v")).contains("input [19:0]"));
    Files.writeString(rtl.resolve("test.v"), TEST);
    ToolRunner.runChecked(
        rtl,
        60,
        List.of("iverilog", "-g2005", "-s", "test", "-o", "t", "altered.v", "others.v", "test.v"));
    String[] results = new String[3];
    for (int i = 0; i < 3; i++) {
      Mutator.select(selection, i);
      results[i] = ToolRunner.runChecked(rtl, 60, List.of("vvp", "-n", "t")).strip();
    }
    assertEquals(List.of("y=0000", "y=0010", "y=0100"), List.of(results));
  }

  @Test
  void provesThatAMaskThatAMemoryHoldsHidesABit() {
    assertTrue(mutator.proof(List.of()).holds(mutant("xor", "Y", 3), 60), "no word has bit 3");
  }

  @Test
  void provesNothingOfWhatComesOut() {
    assertFalse(mutator.proof(List.of()).holds(mutant("and", "Y", 1), 60));
    assertFalse(mutator.proof(List.of()).holds(mutant("xor", "Y", 2), 60), "a word has bit 2");
    Mutant intoInstance =
        mutator.draw(200, 1).stream()
            .filter(m -> m.module().equals("top") && m.command().contains("-cell inside -port a "))
            .findFirst()
            .orElseThrow();
    assertFalse(mutator.proof(List.of()).holds(intoInstance, 60), "the instance shows it");
  }
}
