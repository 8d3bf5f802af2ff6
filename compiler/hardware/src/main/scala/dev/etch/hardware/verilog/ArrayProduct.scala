// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog

import spinal.core._

/** Products from adders only: a row for each bit of the second factor, in two chains with registers
  * behind them that are added in the end. A row that is there or not is part of the table in front of its adder's carry, and the bits
  * that no later row touches leave each adder, so a row takes a table a bit.
  */
object ArrayProduct {
  private val RowsOfAChain = 4

  /** `a * b` a cycle later, in at least as many bits as both have together. */
  def apply(a: SInt, b: SInt, name: String): SInt = {
    val count = b.getWidth
    val factor = b.setName(name + "_factor")
    if (count <= RowsOfAChain) RegNext(chain(a, factor, 0, count, name)).setName(name + "_rows")
    else {
      val half = count / 2
      val low = RegNext(chain(a, factor, 0, half, name)).setName(name + "_low_rows")
      val high = RegNext(chain(a, factor, half, count, name)).setName(name + "_high_rows")
      Elements.sum(low >> half, high) @@ low(half - 1 downto 0)
    }
  }

  /** `a * b(until - 1 downto from)`; the last bit of `b` is its sign. */
  private def chain(a: SInt, b: SInt, from: Int, until: Int, name: String): SInt = {
    def row(i: Int) = (a & S(a.getWidth bits, default -> b(i))).setName(s"${name}_row$i")
    val first = if (b.getWidth == 1) S(0, a.getWidth + 1 bits) - row(0).resize(a.getWidth + 1 bits) else row(from)
    (from + 1 until until).foldLeft((first, Seq.empty[Bool])) { case ((sum, done), i) =>
      val rest = sum >> 1
      val next = if (i == b.getWidth - 1) Elements.difference(rest, row(i)) else Elements.sum(rest, row(i))
      (next.setName(s"${name}_rows${from}_to_$i"), done :+ sum.lsb)
    } match {
      case (sum, Seq()) => sum
      case (sum, done)  => sum @@ Cat(done).asUInt
    }
  }
}
