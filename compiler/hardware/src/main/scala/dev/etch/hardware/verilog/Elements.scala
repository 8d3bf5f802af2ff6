// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog

import dev.etch.tensor.IntegerType
import spinal.core._

/** Elements of a beat. */
object Elements {

  /** Element `i` as it is. */
  def raw(payload: Bits, i: Int, element: IntegerType): Bits =
    payload(i * element.bits, element.bits bits)

  /** Element `i` as a signed number, one bit wider if the type has no sign. */
  def signed(payload: Bits, i: Int, element: IntegerType): SInt =
    if (element.signed) raw(payload, i, element).asSInt
    else (False ## raw(payload, i, element)).asSInt

  /** Fields side by side, the first lowest; nested no deeper than needed, for whoever parses it. */
  def together(fields: Seq[Bits]): Bits =
    if (fields.size == 1) fields.head
    else {
      val (low, high) = fields.splitAt(fields.size / 2)
      together(high) ## together(low)
    }

  /** The exact sum, a bit wider than the wider number. */
  def sum(a: SInt, b: SInt): SInt = {
    val width = math.max(a.getWidth, b.getWidth) + 1
    a.resize(width bits) + b.resize(width bits)
  }

  /** The exact difference, a bit wider than the wider number. */
  def difference(a: SInt, b: SInt): SInt = {
    val width = math.max(a.getWidth, b.getWidth) + 1
    a.resize(width bits) - b.resize(width bits)
  }

  /** Smallest and largest value. */
  def range(element: IntegerType): (BigInt, BigInt) =
    (BigInt(element.minimum), BigInt(element.maximum))
}
