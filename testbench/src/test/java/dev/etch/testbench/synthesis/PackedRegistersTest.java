// SPDX-License-Identifier: Apache-2.0
package dev.etch.testbench.synthesis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackedRegistersTest {
  private static final String NETLIST =
      """
      {"modules": {"top": {"cells": {
        "core.queue.popping_SB_LUT4_I0": {"type": "SB_LUT4", "connections": {"O": [7]}},
        "core.queue.full_SB_LUT4_O": {"type": "SB_LUT4", "connections": {"O": [8]}},
        "core.unit_a.level_SB_DFFSR_Q": {"type": "SB_DFFSR", "connections": {"D": [7], "Q": [9]}}
      }}}}
      """;

  @Test
  void aRegisterPackedWithATableHasItsOwnName(@TempDir Path folder) throws IOException {
    PackedRegisters packed =
        PackedRegisters.read(Files.writeString(folder.resolve("top.json"), NETLIST));
    assertEquals("core.unit_a.level_SB_DFFSR_Q", packed.name("core.queue.popping_SB_LUT4_I0_LC"));
    assertEquals("core.queue.full_SB_LUT4_O_LC", packed.name("core.queue.full_SB_LUT4_O_LC"));
  }
}
