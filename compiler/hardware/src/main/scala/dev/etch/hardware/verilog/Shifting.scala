// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog

import spinal.core._

/** Registers behind registers, which become shift registers in tables of some families. */
object Shifting {

  /** Whether [[keepApart]] does anything. */
  def isKeptApart: Boolean = Family.get.hasShiftRegisters

  /** Keeps a register out of them, for the logic behind it is long: a table that shifts has its output 1.2 ns later than
    * a register on 7 series. None of them can be reset, so the register is. Where there are none, a reset would only
    * cost wires.
    */
  def keepApart(register: SInt): SInt = if (isKeptApart) register.init(0) else register
}
