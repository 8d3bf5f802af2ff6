// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog

import dev.etch.hardware.{CentredScale, Requantizer, TieRule}
import dev.etch.tensor.IntegerType
import spinal.core._

import scala.jdk.CollectionConverters._

/** Accumulator to output element in [[RequantizerPipeline.Stages]] registers, whatever the form. Only
  * a [[CentredScale]] has a multiplier; in the others products with constants are sums of shifted accumulators.
  *
  * @param pipeline
  *   makes the registers
  * @param channels
  *   the channel of each index
  * @param index
  *   which channel; it stands during stage 0, while `accumulator` is an output of stage 0
  * @param accumulator
  *   the number to requantize
  * @param range
  *   smallest and largest accumulator
  * @param result
  *   type of the output
  */
final class RequantizerPipeline(
    pipeline: Pipeline,
    channels: Seq[Int],
    index: UInt,
    accumulator: SInt,
    range: (BigInt, BigInt),
    result: IntegerType
) {
  import RequantizerPipeline._

  /** The output element, at the end of the last stage. */
  def build(requantizer: Requantizer): Bits = requantizer match {
    case offset: Requantizer.Offset         => add(offset)
    case scale: Requantizer.Scale           => multiply(scale, Seq.empty, (0, 0))
    case pieces: Requantizer.TwoPieceScale  => twoPieces(pieces)
    case biased: Requantizer.BiasedScale    => multiply(biased)
    case corrected: Requantizer.Corrected   => correct(corrected)
    case thresholds: Requantizer.Thresholds => count(thresholds)
    case table: Requantizer.Table           => lookUp(table)
    case centred: CentredScale              => multiply(centred)
  }

  /** A memory addressed by the channel and the raw bits of the operand, so that no subtraction is in
    * the way.
    */
  private def lookUp(form: Requantizer.Table): Bits = {
    val tables = perChannel(form.tables.asScala.map(_.asScala.map(v => BigInt(v.intValue)).toSeq).toSeq)
    val size = tables.head.size
    require(range._1 >= form.low && range._2 < form.low + size)
    val bits = log2Up(size)
    val shared = tables.distinct.size == 1
    val entries = (if (shared) tables.take(1) else tables).flatMap { table =>
      (0 until size).map(raw => table(((raw - form.low) % size + size) % size))
    }
    val operand = accumulator.resize(bits bits).asUInt
    val address = if (shared) operand else pipeline.register(0, "channel", index) @@ operand
    val width = result.bits
    val padded = entries.padTo(1 << address.getWidth, BigInt(0))
    pipeline.delay(pipeline.rom(1, "table", padded, width, address), 1, Stages, "result")
  }

  /** A register in front of each of the multiplier's operands and behind the product, and a sum with
    * one constant: what a DSP block has inside.
    */
  private def multiply(form: CentredScale): Bits = {
    val biases = perChannel(longs(form.biases))
    val width = Rom.signedBits(range._1 + biases.min, range._2 + biases.max)
    val sum = pipeline.register(1, "biased", accumulator.resize(width bits) + constant("bias", biases, width))
    val operand = pipeline.register(3, "operand", limit(scaleUp(form, sum), form.operandBits))
    val multipliers = perChannel(longs(form.multipliers))
    val multiplier = channelConstant(3, "multiplier", multipliers, Rom.signedBits(0, multipliers.max))
    val product = pipeline.register(4, "product", operand * multiplier)
    val rests = perChannel(longs(form.rests))
    val half = BigInt(1) << (form.shift - 1)
    val most = (BigInt(1) << (operand.getWidth - 1)) * multipliers.max + rests.map(_.abs).max + half
    val total = Finish.width((-most, most), form.shift)
    val scaled = pipeline.register(5, "scaled", product.resize(total bits) + rest(form, rests).resize(total bits))
    new Finish(pipeline, SumStages, Stages)
      .scaled(scaled, (-most, most), form.shift, TieRule.NONE, form.low, form.high, result.bits)
  }

  /** At the end of stage 2, shifted by the channel's exponent. */
  private def scaleUp(form: CentredScale, biased: SInt): SInt = {
    val exponents = perChannel(form.exponents.asScala.map(e => BigInt(e.intValue)).toSeq)
    val (least, most) = (exponents.min.toInt, exponents.max.toInt)
    val choices = Vec((least to most).map(e => (biased << e).resize(biased.getWidth + most bits)))
    val choice = pipeline.rom(1, "exponent", exponents.map(_ - least), log2Up(most - least + 1), delayedIndex(1, "exponent"))
    val scaled = if (least == most) choices.head else choices(choice.asUInt)
    pipeline.register(2, "scaled_up", scaled)
  }

  /** The constant behind the product, at the end of stage 4, with the corrections. */
  private def rest(form: CentredScale, rests: Seq[BigInt]): SInt = {
    val zeros = rests.filter(_ != 0).map(_.lowestSetBit).foldLeft(form.shift)(math.min)
    val short = rests.map(_ >> zeros)
    val width = Rom.signedBits(short.min.min(0), short.max)
    val rows = corrections(form.raised, form.lowered)
    if (rows.isEmpty) channelConstant(4, "rest", short, width) << zeros
    else {
      val constants = channelConstant(3, "rest", short, width) << zeros
      val halves = rows.zipWithIndex.map { case (row, i) => pipeline.delay(row, 0, 3, "correction" + i) << (form.shift - 1) }
      pipeline.register(4, "corrected_rest", halves.foldLeft(constants)(_ +^ _))
    }
  }

  private def delayedIndex(stage: Int, name: String): UInt = pipeline.delay(index, 0, stage, name + "_index")

  private def longs(values: java.util.List[java.lang.Long]): Seq[BigInt] =
    values.asScala.map(v => BigInt(v.longValue)).toSeq

  /** The number, or the nearest one that has `bits` bits. */
  private def limit(number: SInt, bits: Int): SInt =
    if (number.getWidth <= bits) number
    else {
      val above = number(number.high downto bits - 1)
      val fits = above === 0 || above.asBits.andR
      fits ? number.resize(bits bits) | (number.msb ? S(BigInt(-1) << (bits - 1), bits bits) | S((BigInt(1) << (bits - 1)) - 1, bits bits))
    }

  /** A constant of the channel whose accumulator stands at the end of `stage`. */
  private def channelConstant(stage: Int, name: String, values: Seq[BigInt], width: Int): SInt =
    pipeline.rom(stage, name, values, width, delayedIndex(stage, name)).asSInt

  private def add(form: Requantizer.Offset): Bits = {
    val offsets = perChannel(form.offsets.asScala.map(v => BigInt(v.longValue)).toSeq)
    val (low, high) = (range._1 + offsets.min, range._2 + offsets.max)
    val width = Rom.signedBits(low, high)
    val sum =
      if (offsets.forall(_ == 0)) accumulator.resize(width bits)
      else accumulator.resize(width bits) + constant("offset", offsets, width)
    val element = Finish.fit(sum, result.bits)
    pipeline.delay(element, 0, Stages, "result")
  }

  /** The same with one more row for each correction: half a step up or down if the accumulator is
    * the one that the memory names. A slot that a channel does not use names one that cannot occur.
    */
  private def correct(form: Requantizer.Corrected): Bits = {
    val rows = corrections(form.raised, form.lowered).map(_ << (form.shift - 1))
    val scale = new Requantizer.Scale(
      form.multipliers,
      form.offsets,
      form.shift,
      form.tieRule,
      form.low,
      form.high
    )
    val half = if (rows.isEmpty) BigInt(0) else BigInt(1) << (form.shift - 1)
    multiply(scale, rows, (-half, half))
  }

  /** One, minus one or nothing, for each correction of a channel. */
  private def corrections(raised: Accumulators, lowered: Accumulators): Seq[SInt] = {
    val lists = perChannel(
      (0 until math.max(raised.size, lowered.size)).map { c =>
        def of(all: Accumulators) = all.get(if (all.size == 1) 0 else c).asScala.map(v => BigInt(v.longValue))
        of(raised).map((_, false)) ++ of(lowered).map((_, true))
      }
    )
    val never = range._2 + 1
    val width = Rom.signedBits(range._1, never)
    (0 until lists.map(_.size).max).map { i =>
      val slots = lists.map(l => if (i < l.size) l(i) else (never, false))
      val place = constant("corrected" + i, slots.map(_._1), width)
      val down = constantBits("lowered" + i, slots.map(s => BigInt(if (s._2) 1 else 0)), 1)
      val hit = accumulator.resize(width bits) === place
      ((hit && down.lsb) ## hit).asSInt
    }
  }

  /** The same with one more row for accumulators below the pivot. Pivots have zeros at their end
    * where they can, so that few bits are compared.
    */
  private def twoPieces(form: Requantizer.TwoPieceScale): Bits = {
    val pivots = perChannel(form.pivots.asScala.map(v => BigInt(v.longValue)).toSeq)
    val belows = perChannel(form.belows.asScala.map(v => BigInt(v.longValue)).toSeq)
    val zeros = pivots.filter(_ != 0).map(_.lowestSetBit).foldLeft(accumulator.getWidth - 1)(math.min)
    val compared = pivots.map(_ >> zeros)
    val width = math.max(accumulator.getWidth - zeros, Rom.signedBits(compared.min, compared.max))
    val isBelow = (accumulator >> zeros).resize(width bits) < constant("pivot", compared, width)
    val bits = Rom.signedBits(belows.min, 0)
    val row = isBelow ? constant("below", belows, bits) | S(0, bits bits)
    val scale = new Requantizer.Scale(form.multipliers, form.offsets, form.shift, TieRule.NONE, form.low, form.high)
    multiply(scale, Seq(row), (belows.min, 0))
  }

  /** A register behind the bias, then the product with half a step as one more row, less one below zero. */
  private def multiply(form: Requantizer.BiasedScale): Bits = {
    val biases = perChannel(longs(form.biases))
    val (least, most) = (range._1 + biases.min, range._2 + biases.max)
    val width = Rom.signedBits(least, most)
    val operand = pipeline.register(1, "biased", accumulator.resize(width bits) + constant("bias", biases, width))
    val multipliers = perChannel(longs(form.multipliers))
    val half = BigInt(1) << (form.shift - 1)
    val bounds = (multipliers.max * least.min(0) + half - 1, multipliers.max * most.max(0) + half)
    val total = Finish.width(bounds, form.shift)
    val (rows, correction) =
      if (multipliers.distinct.size == 1) {
        val (shifted, inverted) = ShiftAdd.rows(operand, multipliers.head)
        (shifted, multipliers.map(_ => inverted))
      } else digitRows(operand, 1, pipeline.register(0, "biased_channel", index), multipliers)
    val halves = correction.map(_ + half)
    val rounding = pipeline.rom(1, "half", halves, Rom.signedBits(0, halves.max), pipeline.register(0, "half_channel", index))
    val isBelow = operand.msb.asSInt
    val sum = AdderTree(pipeline, rows ++ Seq(rounding.asSInt, isBelow), total, 1, SumStages)
    new Finish(pipeline, SumStages, Stages)
      .scaled(sum, bounds, form.shift, TieRule.NONE, form.low, form.high, result.bits)
  }

  /** @param added
    *   smallest and largest sum of the corrections
    */
  private def multiply(form: Requantizer.Scale, corrections: Seq[SInt], added: (BigInt, BigInt)): Bits = {
    val multipliers = perChannel(form.multipliers.asScala.map(v => BigInt(v.longValue)).toSeq)
    val offsets = perChannel(form.offsets.asScala.map(v => BigInt(v.longValue)).toSeq)
    val products = multipliers.flatMap(m => Seq(m * range._1, m * range._2))
    val bounds = (products.min + offsets.min + added._1, products.max + offsets.max + added._2)
    val width = Finish.width(bounds, form.shift)
    val rows =
      if (multipliers.distinct.size == 1) constantRows(multipliers.head, offsets, width)
      else variableRows(multipliers, offsets, width)
    val sum = AdderTree(pipeline, rows ++ corrections, width, 0, SumStages)
    new Finish(pipeline, SumStages, Stages)
      .scaled(sum, bounds, form.shift, form.tieRule, form.low, form.high, result.bits)
  }

  /** One row for each canonical signed digit. */
  private def constantRows(multiplier: BigInt, offsets: Seq[BigInt], width: Int): Seq[SInt] = {
    val (rows, correction) = ShiftAdd.rows(accumulator, multiplier)
    rows ++ nonzero("offset", offsets.map(_ + correction), width)
  }

  /** One row for each radix-4 digit. A negative row is inverted, and the missing one of each is in the offset. */
  private def variableRows(
      multipliers: Seq[BigInt],
      offsets: Seq[BigInt],
      width: Int
  ): Seq[SInt] = {
    val (rows, corrections) = digitRows(accumulator, 0, index, multipliers)
    rows ++ nonzero("offset", offsets.zip(corrections).map(p => p._1 + p._2), width)
  }

  /** One row for each radix-4 digit, and what is missing to them; a memory that is read during `stage`
    * holds the digits as (negative, double, any).
    */
  private def digitRows(
      operand: SInt,
      stage: Int,
      address: UInt,
      multipliers: Seq[BigInt]
  ): (Seq[SInt], Seq[BigInt]) = {
    val count = Digits.radix4Count(multipliers)
    val digits = multipliers.map(Digits.radix4(_, count))
    val codes = pipeline.rom(stage, "digits", digits.map(encode), 3 * count, address)
    // Common to all rows: SpinalHDL's time grows with the expressions that it is given.
    val single = operand.resize(operand.getWidth + 1 bits)
    val double = operand << 1
    val none = S(0, single.getWidth bits)
    val rows = (0 until count).map { i =>
      val present = codes(3 * i) ? (codes(3 * i + 1) ? double | single) | none
      (codes(3 * i + 2) ? (~present) | present) << (2 * i)
    }
    val corrections = digits.map { d =>
      d.zipWithIndex.map { case (v, i) => if (v < 0) BigInt(1) << (2 * i) else BigInt(0) }.reduce(_ + _)
    }
    (rows, corrections)
  }

  private def encode(digits: Seq[Int]): BigInt =
    digits.zipWithIndex.map { case (digit, i) =>
      val size = math.abs(digit)
      val code = (if (digit < 0) 4 else 0) + (if (size == 2) 2 else 0) + (if (size > 0) 1 else 0)
      BigInt(code) << (3 * i)
    }.reduce(_ + _)

  /** Compares with all thresholds at once and counts. */
  private def count(form: Requantizer.Thresholds): Bits = {
    val lists = perChannel(form.thresholds.asScala.map(_.asScala.map(v => BigInt(v.longValue))).toSeq)
    val most = lists.map(_.size).max
    val never = range._2 + 1
    val always = range._1
    def at(i: Int) =
      lists.map(l => if (i < l.size) l(i).max(always).min(never) else never)
    val width = Rom.signedBits(always, never)
    val wide = accumulator.resize(width bits)
    val reached = (0 until most).map { i =>
      val threshold = constant("threshold" + i, at(i), width)
      val compared = pipeline.register(1, "reached" + i, wide >= threshold)
      (False ## compared).asSInt
    }
    val total = math.max(2, Rom.signedBits(0, most))
    val rows = if (reached.isEmpty) Seq(S(0, 2 bits)) else reached
    val counted = AdderTree(pipeline, rows, total, 1, SumStages + 1)
    val finalWidth = Rom.signedBits(BigInt(form.low).min(0), BigInt(form.low).max(0) + most)
    val value = counted.resize(finalWidth bits) + S(form.low, finalWidth bits)
    pipeline.delay(Finish.fit(value, result.bits), SumStages + 1, Stages, "result")
  }

  private def perChannel[T](values: Seq[T]): Seq[T] =
    channels.map(channel => values(if (values.size == 1) 0 else channel))

  private def nonzero(name: String, values: Seq[BigInt], width: Int): Seq[SInt] =
    if (values.forall(_ == 0)) Seq.empty
    else {
      val needed = math.min(width, Rom.signedBits(values.min, values.max))
      Seq(constant(name, values, needed))
    }

  private def constant(name: String, values: Seq[BigInt], width: Int): SInt =
    constantBits(name, values, width).asSInt

  private def constantBits(name: String, values: Seq[BigInt], width: Int): Bits =
    pipeline.rom(0, name, values, width, index)
}

object RequantizerPipeline {
  private type Accumulators = java.util.List[java.util.List[java.lang.Long]]

  /** Registers from accumulator to output element. */
  val Stages = 8

  /** Registers of the adder tree. */
  val SumStages = 5
}

/** Products with constants as sums of shifted operands. */
object ShiftAdd {

  /** Rows whose sum, plus the second result, is `operand * factor`. A negative row is inverted only;
    * what is missing to the two's complement is in the second result.
    */
  def rows(operand: SInt, factor: BigInt): (Seq[SInt], BigInt) = {
    val digits = Digits.canonical(factor)
    val rows = digits.map { case (place, negative) =>
      (if (negative) ~operand else operand) << place
    }
    (rows, digits.collect { case (place, true) => BigInt(1) << place }.foldLeft(BigInt(0))(_ + _))
  }
}

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
    val shifted = sum(sum.high downto shift).resize(width bits)
    val quotient = pipeline.register(from + 1, "quotient", shifted)
    val corrected =
      if (ties) {
        val parity = if (tieRule == TieRule.TO_ODD) !shifted.lsb else shifted.lsb
        val exact = sum(shift - 1 downto 0) === 0
        val tie = pipeline.register(from + 1, "tie", exact && parity)
        quotient - (False ## tie).asSInt.resize(width bits)
      } else quotient
    val rounded = pipeline.register(from + 2, "rounded", corrected)
    val floor = if (least < low) (rounded < S(low, width bits)) ? S(low, width bits) | rounded else rounded
    val clamped =
      if (most > high) (rounded > S(high, width bits)) ? S(high, width bits) | floor else floor
    pipeline.delay(Finish.fit(clamped, bits), from + 2, to, "result")
  }
}

object Finish {

  /** Bits of a sum in `bounds` that is shifted right by `shift`. */
  def width(bounds: (BigInt, BigInt), shift: Int): Int =
    math.max(Rom.signedBits(bounds._1, bounds._2), shift + 1)

  /** A number as `bits` bits; it is known to fit. */
  def fit(value: SInt, bits: Int): Bits =
    if (value.getWidth < bits) value.resize(bits bits).asBits else value.asBits.resize(bits bits)
}
