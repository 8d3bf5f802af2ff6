// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.emit

import spinal.core.Mem

/** What Yosys is told to make of a memory, where it would choose something else. */
private[verilog] object MemoryStyle {
  private val Name = "ram_style"

  /** A large memory with one port that a bitstream cannot fill. */
  val Empty = "huge"

  /** A memory block, though the memory is small. */
  val Block = "block"

  private val Meant = Set(Empty, Block)

  /** Makes a memory one of a style. */
  def set(memory: Mem[_], style: String): Unit = memory.addAttribute(Name, style)

  /** Whether a style is one of these. */
  def isMeant(style: String): Boolean = Meant(style)
}
