// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog

import spinal.core._

/** Choices among many values. */
object Multiplexer {

  /** The value at an index, by a tree of choices between two.
    *
    * Synthesis makes a decoder of a case of many values, which on ECP5 takes four times as many tables as a tree (Yosys
    * 0.23, 33 words of 49 bits).
    */
  def tree(values: Seq[Bits], index: UInt, name: String): Bits = {
    def level(below: Seq[Bits], bit: Int): Bits =
      if (below.size == 1) below.head
      else {
        val chosen = below.grouped(2).toSeq.zipWithIndex.map {
          case (Seq(even, odd), i) => (index(bit) ? odd | even).setName(s"${name}_${bit}_$i")
          case (rest, _)           => rest.head
        }
        level(chosen, bit + 1)
      }
    level(values, 0)
  }

  /** The `width` bits behind the first so many, the first of which is the highest. Those that stand side by side share
    * choices between two, a row of them for each bit of the place.
    */
  def behind(place: UInt, bits: Bits, width: Int, name: String): Bits =
    (0 until place.getWidth).reverse.foldLeft(bits) { (from, bit) =>
      val rest = (1 << bit) - 1 + width
      def those(first: Int) = from(from.high - first downto from.getWidth - first - rest)
      (place(bit) ? those(1 << bit) | those(0)).setName(s"${name}_$bit")
    }
}
