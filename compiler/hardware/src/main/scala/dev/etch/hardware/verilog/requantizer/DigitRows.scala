// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.requantizer

import dev.etch.hardware.arithmetic.SignedDigits
import spinal.core._

/** Products with the multiplier of each channel as sums of multiples of the operand. */
object DigitRows {

  /** The rows of a product with `multipliers`, one an index: those of [[ShiftAdd]] if they are all equal. */
  def of(place: RequantizerPlace, operand: SInt, multipliers: Seq[BigInt]): Seq[SInt] =
    if (multipliers.distinct.size == 1) ShiftAdd.rows(operand, multipliers.head)
    else ofDigits(place, operand, place.bits("digits"))

  /** The rows of the whole product with `multipliers` that are not negative: what is missing to the two's
    * complement of a row stands in the next one, which has zeros there; the last digit is not negative.
    */
  def whole(place: RequantizerPlace, operand: SInt, multipliers: Seq[BigInt]): Seq[SInt] =
    if (multipliers.distinct.size == 1) {
      val rest = BigInt(SignedDigits.canonicalRest(multipliers.head.bigInteger))
      ShiftAdd.rows(operand, multipliers.head) ++ (if (rest == 0) Seq.empty else Seq(S(rest)))
    } else loaded(place, operand)

  /** The same with multipliers from a memory. */
  def loaded(place: RequantizerPlace, operand: SInt): Seq[SInt] = {
    val codes = place.wide("digits")
    val rows = ofDigits(place, operand, codes)
    rows.head +: rows.indices.tail.map { i =>
      val negative = codes(SignedDigits.CODE_BITS * (i - 1), SignedDigits.CODE_BITS bits).andR
      val below = 2 * (i - 1)
      val low = if (below == 0) False ## negative else False ## negative ## B(0, below bits)
      place.pipeline.name(rows(i), s"digit${i}_row")(rows(i).high downto 2 * i) @@ low.asSInt
    }
  }

  /** One row for each radix-4 digit, which a memory holds modulo four. The row of -1 is inverted only; what
    * is missing to the two's complement of each is in another constant.
    */
  private def ofDigits(place: RequantizerPlace, operand: SInt, codes: Bits): Seq[SInt] = {
    val pipeline = place.pipeline
    // Common to all rows: SpinalHDL's time grows with the expressions that it is given.
    val once = pipeline.name(operand.resize(operand.getWidth + 1 bits), "once")
    val twice = pipeline.name(operand << 1, "twice")
    val minus = pipeline.name(~once, "minus")
    val nothing = pipeline.name(S(0, once.getWidth bits), "nothing")
    (0 until codes.getWidth / SignedDigits.CODE_BITS).map { i =>
      val odd = pipeline.name(codes(SignedDigits.CODE_BITS * i), s"digit${i}_odd")
      val high = codes(SignedDigits.CODE_BITS * i + 1)
      (high ? (odd ? minus | twice) | (odd ? once | nothing)) << (2 * i)
    }
  }
}
