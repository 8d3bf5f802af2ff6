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
}
