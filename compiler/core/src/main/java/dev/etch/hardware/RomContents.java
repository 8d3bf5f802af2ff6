// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware;

/** Where the generated Verilog has the contents of its read-only memories. */
public enum RomContents {
  /** In initial blocks: the Verilog is one file that needs no other. */
  IN_VERILOG,
  /** In files beside the Verilog, one a memory, which {@code $readmemh} reads. */
  IN_FILES
}
