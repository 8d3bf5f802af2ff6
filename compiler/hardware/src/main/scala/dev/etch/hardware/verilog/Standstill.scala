// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog

import spinal.core._

/** Waits until nothing of a frame moves any more. */
object Standstill {

  /** Cycles after the last beat: what the monitor shows late is there by then. */
  private val Quiet = 16

  /** Whether it was so for long enough that no frame is held and none is inside. */
  def apply(held: Bool, prefix: String): Bool = {
    val quiet = Reg(UInt(log2Up(Quiet) bits)).init(0).setName(prefix + "_quiet")
    val idle = (quiet === Quiet - 1).setName(prefix + "_idle")
    when(!held)(quiet := 0).elsewhen(!idle)(quiet := quiet + 1)
    idle
  }
}
