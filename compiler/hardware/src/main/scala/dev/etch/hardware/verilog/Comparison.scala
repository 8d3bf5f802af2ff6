// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog

import spinal.core._

/** Comparisons with constants that are logic, where a carry would run through all bits. */
object Comparison {

  /** Whether a number is below a limit: equal to it above a bit that is 1 in the limit alone. */
  def isBelow(number: UInt, limit: BigInt): Bool =
    (0 until number.getWidth).filter(limit.testBit).map(bit => isEqualAbove(bit, number, limit) && !number(bit)).reduce(_ || _)

  private def isEqualAbove(bit: Int, number: UInt, limit: BigInt): Bool =
    if (bit == number.high) True else number(number.high downto bit + 1) === limit >> (bit + 1)
}
