// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.emit

import spinal.core.{Mem, SpinalTag}

/** Large memories that a bitstream cannot fill, as the single-port memories of iCE40 UltraPlus: they hold nothing before
  * the host loads them. Simulators begin as if it had; synthesis reads no contents, and the accelerator takes no frame
  * before the first load.
  */
private[verilog] object EmptyMemories {
  private object IsEmpty extends SpinalTag

  /** The register that says that weights are not whole, as it begins. */
  private val Whole = "    load_broken = 1'b0;\n"
  private val NotWhole = "    load_broken = 1'b1;\n"

  /** Makes a memory one of them. */
  def add(memory: Mem[_]): Unit = MemoryStyle.set(memory.addTag(IsEmpty), MemoryStyle.Empty)

  /** The Verilog that fills a memory, for simulators alone if it is empty. */
  def filled(memory: Mem[_], text: String): String =
    if (memory.hasTag(IsEmpty)) s"`ifndef SYNTHESIS\n$text`endif\n" else text

  /** The Verilog of a design whose synthesis begins without whole weights. */
  def refuseFrames(verilog: String): String = {
    require(verilog.split(java.util.regex.Pattern.quote(Whole), -1).length == 2, "no register says whether weights are whole")
    verilog.replace(Whole, s"`ifdef SYNTHESIS\n$NotWhole`else\n$Whole`endif\n")
  }
}
