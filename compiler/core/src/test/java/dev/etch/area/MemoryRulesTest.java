// SPDX-License-Identifier: Apache-2.0
package dev.etch.area;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.etch.hardware.Target;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What Yosys 0.23 made of memories of these sizes, each synthesized alone. */
class MemoryRulesTest {
  @ParameterizedTest
  @CsvSource({
    "XC7,   128,   8, 0", "XC7,    128, 24, 1", "XC7,   256,  8, 0", "XC7,   512,   8, 1",
    "XC7,    64,  72, 0", "XC7,    128, 72, 2", "XC7,  1024, 24, 2", "XC7,  2048,  24, 3",
    "XC7,  4096,   8, 2", "XC7,   4096, 32, 8", "XC7,  1024,  1, 0", "XC7,  2048,   1, 1",
    "ICE40,   8,   8, 0", "ICE40,   16,  8, 1", "ICE40,   8, 32, 2", "ICE40,   4,  32, 0",
    "ICE40, 512,   8, 1", "ICE40, 1024,  8, 2", "ICE40, 2048, 8, 4", "ICE40, 256,  32, 2",
    "ECP5,  128,   8, 0", "ECP5,   256,  8, 1", "ECP5,   64, 32, 1", "ECP5,   32,  32, 0",
    "ECP5, 2048,  32, 4", "ECP5,  4096,  8, 2", "GOWIN, 128,  8, 0", "GOWIN, 1024, 32, 2",
  })
  void writtenMemories(Target target, int words, int width, int blocks) {
    Fabric fabric = Fabric.of(target);
    assertEquals(blocks, fabric.memories().synchronous(fabric, words, width).blocks());
  }

  /** Where the Verilog asks for blocks if there is nothing smaller. */
  @ParameterizedTest
  @CsvSource({"ICE40, 4, 16, 1", "ICE40, 4, 32, 2", "ECP5, 4, 32, 0", "XC7, 4, 32, 0"})
  void buffers(Target target, int words, int width, int blocks) {
    Fabric fabric = Fabric.of(target);
    assertEquals(blocks, fabric.memories().buffer(fabric, words, width).blocks());
  }

  @ParameterizedTest
  @CsvSource({
    "XC7,   256,  32, 0", "XC7,   256, 72, 2", "XC7,  1024,  8, 0", "XC7,   512, 24, 1",
    "XC7,  2048,   8, 1", "ICE40, 128,  8, 0", "ICE40, 256,  8, 1", "ICE40,  64, 32, 0",
    "ICE40, 128,  32, 2", "ICE40, 2048, 1, 1", "ECP5,  256,  8, 0", "ECP5,  128, 32, 1",
    "ECP5, 2048,   1, 0", "ECP5, 4096,  1, 1", "GOWIN, 256,  8, 0", "GOWIN, 512,  8, 1",
    "XC7,  1126,  19, 2", "XC7,  2304, 13, 2", "XC7,  2304, 10, 2", "XC7,  379, 36, 1",
    "XC7,   379,  39, 0", "ECP5, 1126, 19, 2", "ECP5, 2304, 13, 2", "ECP5, 2304, 10, 2",
    "ICE40, 1126, 19, 6", "ICE40, 2304, 13, 8", "ICE40, 2304, 10, 6",
  })
  void constantMemories(Target target, int words, int width, int blocks) {
    Fabric fabric = Fabric.of(target);
    assertEquals(blocks, fabric.memories().constant(fabric, words, width, width).blocks());
  }

  /** Random contents, 4 to 32 bits wide. */
  @ParameterizedTest
  @CsvSource({
    "64, 1",
    "80, 2",
    "100, 2",
    "128, 2",
    "160, 4",
    "200, 4",
    "256, 4",
    "320, 6.3",
    "379, 7.2",
    "400, 9.1",
    "512, 9.8",
    "600, 12.5",
    "760, 14.5",
    "1024, 21.5",
    "1500, 31.7",
    "2000, 45",
  })
  void tablesOfABitOfAConstantMemory(int words, double tables) {
    assertEquals(tables, Fabric.of(Target.XC7).table(words), 0.12 * tables);
  }

  @ParameterizedTest
  @CsvSource({"2, 8, 8", "32, 8, 8", "32, 32, 24", "64, 8, 12", "64, 32, 44", "64, 72, 96"})
  void memoriesReadWithoutARegister(int words, int width, int luts) {
    Fabric fabric = Fabric.of(Target.XC7);
    Area area = fabric.memories().asynchronous(fabric, words, width);
    assertEquals(new Area(luts, 0, 0, 0), area);
  }
}
