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

  /** Smallest and largest value. */
  def range(element: IntegerType): (BigInt, BigInt) =
    (BigInt(element.minimum), BigInt(element.maximum))
}
