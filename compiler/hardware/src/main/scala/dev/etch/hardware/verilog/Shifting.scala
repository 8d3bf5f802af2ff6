// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog

import dev.etch.hardware.Target
import spinal.core._

/** Registers behind registers, which become shift registers in tables of some families.
  *
  * Whether the family has them holds for all modules of a design that is being built.
  */
object Shifting {
  private object happens extends ScopeProperty[Boolean] {
    override def default = true
  }

  /** Builds a module for a family. */
  def within[T](target: Target)(module: => T): T = happens(target.hasShiftRegisters)(module)

  /** Whether [[keepApart]] does anything. */
  def isKeptApart: Boolean = happens.get

  /** Keeps a register out of them, for the logic behind it is long: a table that shifts has its output 1.2 ns later than
    * a register on 7 series. None of them can be reset, so the register is. Where there are none, a reset would only
    * cost wires.
    */
  def keepApart(register: SInt): SInt = if (isKeptApart) register.init(0) else register
}
