// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.requantizer

import dev.etch.hardware.arithmetic.TieRule
import dev.etch.hardware.requantizer.FloatScale
import dev.etch.hardware.verilog.{Pipeline, Rom}
import spinal.core._

/** Shift, tie rule and clamp, the last three stages of a requantization. */
final class Finish(pipeline: Pipeline, from: Int, to: Int) {

  /** `clamp(tieRule(sum >> shift), low, high)` as a two's-complement number of `bits` bits.
    *
    * @param bounds
    *   smallest and largest sum
    */
  def scaled(
      sum: SInt,
      bounds: (BigInt, BigInt),
      shift: Int,
      tieRule: TieRule,
      low: BigInt,
      high: BigInt,
      bits: Int
  ): Bits = {
    require(to - from >= 3)
    val ties = tieRule != TieRule.NONE && shift > 0
    val least = (bounds._1 >> shift) - (if (ties) 1 else 0)
    val most = bounds._2 >> shift
    val width = Rom.signedBits(least.min(low), most.max(high))
    val shifted = pipeline.name(sum(sum.high downto shift).resize(width bits), "shifted")
    val quotient = pipeline.register(from + 1, "quotient", shifted)
    val corrected =
      if (ties) {
        val parity = if (tieRule == TieRule.TO_ODD) !shifted.lsb else shifted.lsb
        val exact = sum(shift - 1 downto 0) === 0
        val tie = pipeline.register(from + 1, "tie", exact && parity)
        quotient - (False ## tie).asSInt.resize(width bits)
      } else quotient
    limited(pipeline.register(from + 2, "rounded", corrected), (least, most), low, high, bits)
  }

  /** The rounded product of a [[FloatScale]] and its zero point, limited, as `bits` bits.
    *
    * @param bounds
    *   smallest and largest product
    */
  def rounded(product: SInt, bounds: (BigInt, BigInt), form: Rounding, bits: Int): Bits = {
    require(to - from >= 3)
    import form.{high, low, shift, zeros}
    val (floor, ceiling) = (bounds._1 >> shift, (bounds._2 >> shift) + 1)
    val (least, most) = (floor + zeros._1, ceiling + zeros._2)
    val width = Rom.signedBits(least.min(low).min(floor), most.max(high).max(ceiling))
    val integer = pipeline.name(product(product.high downto shift), "integer")
    val reachesHalf = pipeline.name(product(shift - 1), "reaches_half")
    val magnitude = pipeline.name(integer.asBits ^ B(integer.getWidth bits, default -> integer.msb), "magnitude")
    val behind = pipeline.name(
      product(shift - 2 downto 0).asBits ^ B(shift - 1 bits, default -> reachesHalf), "behind")
    val quotient = pipeline.register(from + 1, "quotient", integer.resize(width bits))
    val half = pipeline.register(from + 1, "half", reachesHalf)
    // The larger the magnitude, the fewer bits say that a product is next to a tie.
    val near = (0 to form.magnitudeBits.min(integer.getWidth - 1)).map { place =>
      val equal = behind(shift - 2 downto shift - 1 - FloatScale.bitsBehindHalf(place)).andR
      val isSo = if (place == 0) equal else equal && magnitude(magnitude.high downto place - 1).orR
      pipeline.register(from + 1, s"near$place", isSo)
    }
    val up = pipeline.name(near.reduce(_ || _) ? quotient.lsb | half, "rounds_up")
    val moved = form.loadedZero match {
      case Some(zero)              => quotient + zero.resize(width bits)
      case None if zeros._1 == 0 => quotient
      case None                  => quotient + S(zeros._1, width bits)
    }
    val sum = moved + (False ## up).asSInt.resize(width bits)
    limited(pipeline.register(from + 2, "rounded", sum), (least, most), low, high, bits)
  }

  /** `sum >> shift` and a zero point, one less if the sum is below the first half and `condition` holds, limited, as `bits`
    * bits.
    *
    * @param bounds
    *   smallest and largest sum
    * @param limits
    *   smallest and largest output, between which the zero point is
    * @param zero
    *   a stage behind the sum
    */
  def lowered(
      sum: SInt,
      bounds: (BigInt, BigInt),
      shift: Int,
      condition: Bool,
      limits: (BigInt, BigInt),
      zero: SInt,
      bits: Int
  ): Bits = {
    require(to - from >= 3)
    val (least, most) = ((bounds._1 >> shift) - 1 + limits._1, (bounds._2 >> shift) + limits._2)
    val width = Rom.signedBits(least.min(limits._1), most.max(limits._2))
    val integer = pipeline.name(sum(sum.high downto shift), "integer")
    val quotient = pipeline.register(from + 1, "quotient", integer.resize(width bits))
    val holds = pipeline.register(from + 1, "lowers", condition)
    val below = pipeline.register(from + 1, "below", integer.msb || integer === 0)
    val one = (False ## pipeline.name(holds && below, "lowered")).asSInt.resize(width bits)
    val moved = pipeline.register(from + 2, "rounded", quotient + zero.resize(width bits) - one)
    limited(moved, (least, most), limits._1, limits._2, bits)
  }

  /** A number in `bounds`, two stages before the last one's end, limited. */
  private def limited(rounded: SInt, bounds: (BigInt, BigInt), low: BigInt, high: BigInt, bits: Int): Bits = {
    val element = Finish.fit(rounded, bits)
    val floor = if (bounds._1 < low) Finish.isBelow(rounded, low) ? Rom.constant(low, bits) | element else element
    val clamped = if (bounds._2 > high) Finish.isAbove(rounded, high) ? Rom.constant(high, bits) | floor else floor
    pipeline.delay(clamped, from + 2, to, "result")
  }
}

/** How the product of a [[FloatScale]] is rounded.
  *
  * @param shift
  *   of the product
  * @param magnitudeBits
  *   of the largest tie that is not limited anyway
  * @param low
  *   the smallest output
  * @param high
  *   the largest output
  * @param zeros
  *   the smallest and the largest zero point
  * @param loadedZero
  *   the zero point, a stage behind the product, if it is not a constant
  */
final class Rounding(
    val shift: Int,
    val magnitudeBits: Int,
    val low: BigInt,
    val high: BigInt,
    val zeros: (BigInt, BigInt),
    val loadedZero: Option[SInt]
)

object Finish {

  /** Whether a number is below a limit: without a comparison where the limit is zero or minus a power of two. */
  def isBelow(number: SInt, limit: BigInt): Bool =
    if (limit.signum <= 0 && (-limit).bitCount <= 1) {
      val least = if (limit.signum == 0) 0 else limit.lowestSetBit
      val above = number(number.high - 1 downto least)
      if (limit.signum == 0) number.msb else number.msb && !above.asBits.andR
    } else number < S(limit, number.getWidth bits)

  /** Whether a number is above a limit: without a comparison where the limit is one less than a power of two. */
  def isAbove(number: SInt, limit: BigInt): Bool =
    if (limit.signum >= 0 && (limit + 1).bitCount == 1) {
      !number.msb && number(number.high - 1 downto (limit + 1).lowestSetBit).asBits.orR
    } else number > S(limit, number.getWidth bits)

  /** Bits of a sum in `bounds` that is shifted right by `shift`. */
  def width(bounds: (BigInt, BigInt), shift: Int): Int =
    math.max(Rom.signedBits(bounds._1, bounds._2), shift + 1)

  /** A number as `bits` bits; it is known to fit. */
  def fit(value: SInt, bits: Int): Bits =
    if (value.getWidth < bits) value.resize(bits bits).asBits else value.asBits.resize(bits bits)
}
