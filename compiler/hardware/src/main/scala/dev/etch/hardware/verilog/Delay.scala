// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog

import spinal.core._

/** A value in the cycles after it.
  *
  * Narrow ones shift through one register, the newest lowest. Wide ones have a register for each cycle: simulators
  * take long to shift what is wider than a word.
  *
  * @param isReset
  *   whether it is 0 at first, as conditions have to be; then no family makes it a shift register, see [[Shifting]]
  */
final class Delay[T <: Data](value: T, cycles: Int, name: String, isReset: Boolean) {
  private val width = value.getBitsWidth
  private val shifts = width <= Delay.NARROW && cycles > 1
  private val line = if (shifts) shift() else null
  private val registers = if (shifts) IndexedSeq[T]() else chain()

  /** The value so many cycles ago. */
  def apply(ago: Int): T = if (ago == 0) value else if (shifts) part(ago) else registers(ago)

  private def shift(): Bits = {
    val register = Reg(Bits(cycles * width bits)).setName(name + "_late")
    if (isReset) register.init(0)
    register := register((cycles - 1) * width - 1 downto 0) ## value.asBits
    register
  }

  private def chain(): IndexedSeq[T] = (1 to cycles).scanLeft(value) { (before, i) =>
    val register = RegNext(before).setName(name + "_late" + (if (cycles == 1) "" else i))
    register match {
      case condition: Bool if isReset => condition.init(False)
      case number: UInt if isReset    => number.init(0)
      case _                          =>
    }
    register
  }

  private def part(ago: Int): T = {
    def bits = line((ago - 1) * width, width bits)
    (value match {
      case _: Bool => line(ago - 1)
      case _: UInt => bits.asUInt
      case _: SInt => bits.asSInt
      case _: Bits => bits
    }).asInstanceOf[T]
  }
}

object Delay {

  /** Bits of a value that shifts through one register. */
  private val NARROW = 16

  /** A condition in the cycles after it; false at first. */
  def chain(value: Bool, cycles: Int, name: String): Delay[Bool] = new Delay(value, cycles, name, isReset = true)

  /** A condition some cycles later; false at first. */
  def apply(value: Bool, cycles: Int, name: String): Bool = chain(value, cycles, name)(cycles)

  /** Data some cycles later. */
  def data[T <: Data](value: T, cycles: Int, name: String): T =
    new Delay(value, cycles, name, isReset = false)(cycles)
}
