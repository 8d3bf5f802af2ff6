// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.window

import dev.etch.hardware.WindowUnit
import dev.etch.hardware.verilog.{Columns, Elements}
import spinal.core._

/** The products of all elements of a beat with weights of -1, 0 and 1, added up, without a multiplier.
  *
  * A negative weight inverts the element's bits. In two's complement `~x = -x - 1`, so one is added
  * for each negative weight; for a single unsigned bit `~x = 1 - x`, so one is subtracted, and the
  * sum is the population count of an XNOR. How many weights are negative is one more column of the
  * schedule. Sums of a few elements have a register behind them, and so have sums of a few of these.
  */
final class DotProduct(unit: WindowUnit, columns: Columns) {
  private val element = unit.input.`type`.element
  private val count = unit.input.`type`.elements
  private val binary = element.bits == 1 && !element.signed
  private val factorBits = if (element.signed || binary) element.bits else element.bits + 1

  /** The sum, to be stored in the term's register.
    *
    * @param beat
    *   all elements
    */
  def apply(name: String, beat: Bits): SInt = {
    val inverts = columns(name + "_negative")
    val counts = columns(name + "_counts")
    val groups = (0 until count).grouped(DotProduct.Group).toSeq.zipWithIndex.map { case (members, i) =>
      val factors = members.map { e =>
        val bits = factor(beat(e * element.bits, element.bits bits))
        val inverted = bits ^ B(factorBits bits, default -> inverts(e))
        val kept = inverted & B(factorBits bits, default -> counts(e))
        if (binary) (False ## kept).asSInt else kept.asSInt
      }
      RegNext(tree(factors)).setName(s"${name}_group$i")
    }
    val sums = groups.grouped(DotProduct.Group).toSeq.zipWithIndex.map { case (members, i) =>
      RegNext(tree(members)).setName(s"${name}_sum$i")
    }
    tree(sums :+ RegNext(columns(name + "_negatives").asSInt).setName(name + "_negatives_late"))
  }

  private def factor(bits: Bits): Bits =
    if (factorBits == element.bits) bits else False ## bits

  private def tree(terms: Seq[SInt]): SInt =
    if (terms.size == 1) terms.head
    else tree(terms.grouped(2).map(pair => pair.reduce(Elements.sum)).toSeq)
}

object DotProduct {

  /** Elements whose products are added in one cycle. */
  val Group = 4
}
