// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.requantizer

import dev.etch.hardware.arithmetic.TieRule
import dev.etch.hardware.requantizer.CentredScale
import dev.etch.hardware.verilog.Elements
import spinal.core._

import scala.jdk.CollectionConverters._

/** A [[CentredScale]]: a register in front of each of the multiplier's operands and behind the product, and a
  * sum with one constant: what a DSP block has inside.
  */
final class CentredScaleHardware(form: CentredScale, place: RequantizerPlace) {
  import place.{accumulator, pipeline}

  /** The output element, at the end of the last stage. */
  def build(): Bits = {
    val bias = place.constant("bias")
    val width = bias.getWidth
    val sum = pipeline.register(1, "biased", accumulator.resize(width bits) + bias)
    val operand = pipeline.register(3, "operand", limit(scaleUp(sum), form.operandBits))
    val multipliers = place.numbers(form.multipliers)
    val multiplier = place.constant("multiplier")
    val product = pipeline.register(4, "product", operand * multiplier)
    val rests = place.numbers(form.rests)
    val half = BigInt(1) << (form.shift - 1)
    val most = (BigInt(1) << (operand.getWidth - 1)) * multipliers.max + rests.map(_.abs).max + half
    val total = Finish.width((-most, most), form.shift)
    val scaled = pipeline.register(5, "scaled", product.resize(total bits) + rest(rests).resize(total bits))
    place.finish(scaled, (-most, most), form.shift, TieRule.NONE, form.low, form.high)
  }

  /** At the end of stage 2, shifted by the channel's exponent. */
  private def scaleUp(biased: SInt): SInt = {
    val exponents = place.each(form.exponents.asScala.map(_.intValue).toSeq)
    val (least, most) = (exponents.min, exponents.max)
    val choices = Vec((least to most).map(e => (biased << e).resize(biased.getWidth + most bits)))
    val choice = place.bits("exponent")
    val scaled = if (least == most) choices.head else pipeline.name(choices(choice.asUInt), "shifted_up")
    pipeline.register(2, "scaled_up", scaled)
  }

  /** The constant behind the product, at the end of stage 4, with the corrections. */
  private def rest(rests: Seq[BigInt]): SInt = {
    val zeros = rests.filter(_ != 0).map(_.lowestSetBit).foldLeft(form.shift)(math.min)
    val rows = Corrections.rows(place, form.raised, form.lowered)
    val constants = place.constant("rest") << zeros
    if (rows.isEmpty) constants
    else {
      val halves = rows.zipWithIndex.map { case (row, i) => pipeline.delay(row, 0, 3, "correction" + i) << (form.shift - 1) }
      pipeline.register(4, "corrected_rest", halves.foldLeft(constants)(Elements.sum))
    }
  }

  /** The number, or the nearest one that has `bits` bits. */
  private def limit(number: SInt, bits: Int): SInt =
    if (number.getWidth <= bits) number
    else {
      val above = pipeline.name(number(number.high downto bits - 1), "above")
      val fits = above === 0 || above.asBits.andR
      fits ? number.resize(bits bits) | (number.msb ? S(BigInt(-1) << (bits - 1), bits bits) | S((BigInt(1) << (bits - 1)) - 1, bits bits))
    }
}
