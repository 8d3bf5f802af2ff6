// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog

import dev.etch.hardware.arithmetic.{SignedDigits, TieRule}
import dev.etch.hardware.memory.ConstantTable
import dev.etch.hardware.PipelineStages
import dev.etch.hardware.requantizer.{
  BiasedScale,
  CentredScale,
  Corrected,
  Offset,
  Requantizer,
  RequantizerTables,
  Scale,
  Table,
  Thresholds,
  TwoPieceScale
}
import dev.etch.tensor.IntegerType
import spinal.core._

import scala.collection.mutable
import scala.jdk.CollectionConverters._

/** Accumulator to output element in [[PipelineStages.REQUANTIZER]] registers, whatever the form. Only
  * a [[CentredScale]] has a multiplier; in the others products with constants are sums of shifted accumulators.
  *
  * @param requantizer
  *   the form
  * @param pipeline
  *   makes the registers
  * @param channels
  *   the channel of each index
  * @param index
  *   which channel, from two stages before `accumulator` on, which is an output of stage 0
  * @param accumulator
  *   the number to requantize
  * @param range
  *   smallest and largest accumulator
  * @param result
  *   type of the output
  */
final class RequantizerPipeline(
    requantizer: Requantizer,
    pipeline: Pipeline,
    channels: Seq[Int],
    index: ChannelIndex,
    accumulator: SInt,
    range: (BigInt, BigInt),
    result: IntegerType
) {
  import PipelineStages.{REQUANTIZER, SUM}
  import RequantizerPipeline._

  private val tables = RequantizerTables.of(
    requantizer,
    channels.map(Integer.valueOf(_)).asJava,
    range._1.bigInteger,
    range._2.bigInteger,
    result.bits
  )

  private def rom(table: ConstantTable): Bits = pipeline.rom(table, index(_))

  /** The output element, at the end of the last stage. */
  def build(): Bits = requantizer match {
    case offset: Offset         => add(offset)
    case scale: Scale           => multiply(scale, Seq.empty, (0, 0))
    case pieces: TwoPieceScale  => twoPieces(pieces)
    case biased: BiasedScale    => multiply(biased)
    case corrected: Corrected   => correct(corrected)
    case thresholds: Thresholds => count(thresholds)
    case table: Table           => lookUp(table)
    case centred: CentredScale              => multiply(centred)
  }

  /** A memory addressed by the channel and the raw bits of the operand, so that no subtraction is in
    * the way.
    */
  private def lookUp(form: Table): Bits = {
    val size = form.tables.get(0).size
    require(range._1 >= form.low && range._2 < form.low + size)
    val table = tables.get("table")
    val operand = accumulator.resize(log2Up(size) bits).asUInt
    val address = if (table.entries.size == size) operand else index(0) @@ operand
    val word = pipeline.rom(table, stage => pipeline.delay(address, 0, stage, "entry"))
    pipeline.delay(word, table.stage, REQUANTIZER, "result")
  }

  /** A register in front of each of the multiplier's operands and behind the product, and a sum with
    * one constant: what a DSP block has inside.
    */
  private def multiply(form: CentredScale): Bits = {
    val bias = constant("bias")
    val width = bias.getWidth
    val sum = pipeline.register(1, "biased", accumulator.resize(width bits) + bias)
    val operand = pipeline.register(3, "operand", limit(scaleUp(form, sum), form.operandBits))
    val multipliers = perChannel(longs(form.multipliers))
    val multiplier = channelConstant("multiplier")
    val product = pipeline.register(4, "product", operand * multiplier)
    val rests = perChannel(longs(form.rests))
    val half = BigInt(1) << (form.shift - 1)
    val most = (BigInt(1) << (operand.getWidth - 1)) * multipliers.max + rests.map(_.abs).max + half
    val total = Finish.width((-most, most), form.shift)
    val scaled = pipeline.register(5, "scaled", product.resize(total bits) + rest(form, rests).resize(total bits))
    new Finish(pipeline, SUM, REQUANTIZER)
      .scaled(scaled, (-most, most), form.shift, TieRule.NONE, form.low, form.high, result.bits)
  }

  /** At the end of stage 2, shifted by the channel's exponent. */
  private def scaleUp(form: CentredScale, biased: SInt): SInt = {
    val exponents = perChannel(form.exponents.asScala.map(e => BigInt(e.intValue)).toSeq)
    val (least, most) = (exponents.min.toInt, exponents.max.toInt)
    val choices = Vec((least to most).map(e => (biased << e).resize(biased.getWidth + most bits)))
    val choice = rom(tables.get("exponent"))
    val scaled = if (least == most) choices.head else pipeline.name(choices(choice.asUInt), "shifted_up")
    pipeline.register(2, "scaled_up", scaled)
  }

  /** The constant behind the product, at the end of stage 4, with the corrections. */
  private def rest(form: CentredScale, rests: Seq[BigInt]): SInt = {
    val zeros = rests.filter(_ != 0).map(_.lowestSetBit).foldLeft(form.shift)(math.min)
    val rows = corrections(form.raised, form.lowered)
    if (rows.isEmpty) channelConstant("rest") << zeros
    else {
      val constants = channelConstant("rest") << zeros
      val halves = rows.zipWithIndex.map { case (row, i) => pipeline.delay(row, 0, 3, "correction" + i) << (form.shift - 1) }
      pipeline.register(4, "corrected_rest", halves.foldLeft(constants)(Elements.sum))
    }
  }

  private def longs(values: java.util.List[java.lang.Long]): Seq[BigInt] =
    values.asScala.map(v => BigInt(v.longValue)).toSeq

  /** The number, or the nearest one that has `bits` bits. */
  private def limit(number: SInt, bits: Int): SInt =
    if (number.getWidth <= bits) number
    else {
      val above = pipeline.name(number(number.high downto bits - 1), "above")
      val fits = above === 0 || above.asBits.andR
      fits ? number.resize(bits bits) | (number.msb ? S(BigInt(-1) << (bits - 1), bits bits) | S((BigInt(1) << (bits - 1)) - 1, bits bits))
    }

  /** A constant of the channel whose accumulator stands at the end of the table's stage. */
  private def channelConstant(name: String): SInt = rom(tables.get(name)).asSInt

  private def add(form: Offset): Bits = {
    val table = tables.get("offset")
    val operand = accumulator.resize(table.width bits)
    val isZero = table.isConstant && table.entries.get(0).signum == 0
    val sum = if (isZero) operand else operand + constant("offset")
    val element = Finish.fit(sum, result.bits)
    pipeline.delay(element, 0, REQUANTIZER, "result")
  }

  /** The same with one more row for each correction: half a step up or down if the accumulator is
    * the one that the memory names. A slot that a channel does not use names one that cannot occur.
    */
  private def correct(form: Corrected): Bits = {
    val rows = corrections(form.raised, form.lowered).map(_ << (form.shift - 1))
    val scale = new Scale(
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
    def sizes(all: Accumulators) = perChannel(all.asScala.map(_.size).toSeq)
    val slots = sizes(raised).zip(sizes(lowered)).map { case (up, down) => up + down }.max
    (0 until slots).map { i =>
      val place = constant("corrected" + i)
      val down = constantBits("lowered" + i)
      val hit = pipeline.name(accumulator.resize(place.getWidth bits) === place, "corrects" + i)
      ((hit && down.lsb) ## hit).asSInt
    }
  }

  /** The same with one more row for accumulators below the pivot. Pivots have zeros at their end
    * where they can, so that few bits are compared.
    */
  private def twoPieces(form: TwoPieceScale): Bits = {
    val pivots = perChannel(form.pivots.asScala.map(v => BigInt(v.longValue)).toSeq)
    val belows = perChannel(form.belows.asScala.map(v => BigInt(v.longValue)).toSeq)
    val zeros = pivots.filter(_ != 0).map(_.lowestSetBit).foldLeft(accumulator.getWidth - 1)(math.min)
    val pivot = constant("pivot")
    val isBelow = (accumulator >> zeros).resize(pivot.getWidth bits) < pivot
    val below = constant("below")
    val row = isBelow ? below | S(0, below.getWidth bits)
    val scale = new Scale(form.multipliers, form.offsets, form.shift, TieRule.NONE, form.low, form.high)
    multiply(scale, Seq(row), (belows.min, 0))
  }

  /** A register behind the bias, then the product with half a step as one more row, less one below zero. */
  private def multiply(form: BiasedScale): Bits = {
    val biases = perChannel(longs(form.biases))
    val (least, most) = (range._1 + biases.min, range._2 + biases.max)
    val bias = constant("bias")
    val operand = pipeline.register(1, "biased", accumulator.resize(bias.getWidth bits) + bias)
    val multipliers = perChannel(longs(form.multipliers))
    val half = BigInt(1) << (form.shift - 1)
    val bounds = (multipliers.max * least.min(0) + half - 1, multipliers.max * most.max(0) + half)
    val total = Finish.width(bounds, form.shift)
    val rows =
      if (multipliers.distinct.size == 1) ShiftAdd.rows(operand, multipliers.head)
      else digitRows(operand)
    val rounding = rom(tables.get("half"))
    val isBelow = operand.msb.asSInt
    val sum = AdderTree(pipeline, rows ++ Seq(rounding.asSInt, isBelow), total, 1, SUM)
    new Finish(pipeline, SUM, REQUANTIZER)
      .scaled(sum, bounds, form.shift, TieRule.NONE, form.low, form.high, result.bits)
  }

  /** @param added
    *   smallest and largest sum of the corrections
    */
  private def multiply(form: Scale, corrections: Seq[SInt], added: (BigInt, BigInt)): Bits = {
    val multipliers = perChannel(form.multipliers.asScala.map(v => BigInt(v.longValue)).toSeq)
    val offsets = perChannel(form.offsets.asScala.map(v => BigInt(v.longValue)).toSeq)
    val products = multipliers.flatMap(m => Seq(m * range._1, m * range._2))
    val bounds = (products.min + offsets.min + added._1, products.max + offsets.max + added._2)
    val width = Finish.width(bounds, form.shift)
    val rows =
      if (multipliers.distinct.size == 1) ShiftAdd.rows(accumulator, multipliers.head)
      else digitRows(accumulator)
    val offset = Option(tables.get("offset")).map(rom(_).asSInt)
    val sum =
      if (corrections.isEmpty) AdderTree(pipeline, rows ++ offset, width, 0, SUM)
      else {
        // What is compared has a register behind the comparison, and is added last.
        val compared = corrections.zipWithIndex.map { case (row, i) => pipeline.register(1, "correction" + i, row) }
        val correction = AdderTree(pipeline, compared, width, 1, SUM - 1, "corrections")
        val scaled = AdderTree(pipeline, rows ++ offset, width, 0, SUM - 1)
        pipeline.register(SUM, "corrected", scaled + correction.resize(width bits))
      }
    new Finish(pipeline, SUM, REQUANTIZER)
      .scaled(sum, bounds, form.shift, form.tieRule, form.low, form.high, result.bits)
  }

  /** One row for each radix-4 digit, which a memory holds modulo four. The row of -1 is inverted only; what
    * is missing to the two's complement of each is in another constant.
    */
  private def digitRows(operand: SInt): Seq[SInt] = {
    val table = tables.get("digits")
    val codes = rom(table)
    // Common to all rows: SpinalHDL's time grows with the expressions that it is given.
    val once = pipeline.name(operand.resize(operand.getWidth + 1 bits), "once")
    val twice = pipeline.name(operand << 1, "twice")
    val minus = pipeline.name(~once, "minus")
    val nothing = pipeline.name(S(0, once.getWidth bits), "nothing")
    (0 until table.width / SignedDigits.CODE_BITS).map { i =>
      val odd = pipeline.name(codes(SignedDigits.CODE_BITS * i), s"digit${i}_odd")
      val high = codes(SignedDigits.CODE_BITS * i + 1)
      (high ? (odd ? minus | twice) | (odd ? once | nothing)) << (2 * i)
    }
  }

  /** Compares with all thresholds at once and counts. */
  private def count(form: Thresholds): Bits = {
    val most = perChannel(form.thresholds.asScala.map(_.size).toSeq).max
    val wide = pipeline.name(accumulator.resize(Rom.signedBits(range._1, range._2 + 1) bits), "compared")
    val reached = (0 until most).map { i =>
      val compared = pipeline.register(1, "reached" + i, wide >= constant("threshold" + i))
      (False ## compared).asSInt
    }
    val total = math.max(2, Rom.signedBits(0, most))
    val rows = if (reached.isEmpty) Seq(S(0, 2 bits)) else reached
    val counted = AdderTree(pipeline, rows, total, 1, SUM + 1)
    val finalWidth = Rom.signedBits(BigInt(form.low).min(0), BigInt(form.low).max(0) + most)
    val value = pipeline.name(counted.resize(finalWidth bits) + S(form.low, finalWidth bits), "counted")
    pipeline.delay(Finish.fit(value, result.bits), SUM + 1, REQUANTIZER, "result")
  }

  private def perChannel[T](values: Seq[T]): Seq[T] =
    channels.map(channel => values(if (values.size == 1) 0 else channel))

  private def constant(name: String): SInt = constantBits(name).asSInt

  private def constantBits(name: String): Bits = rom(tables.get(name))
}

/** Which channel's accumulator goes through a pipeline.
  *
  * @param first
  *   two stages before the accumulator is an output of stage 0
  */
final class ChannelIndex(pipeline: Pipeline, first: UInt) {
  private val late = mutable.ArrayBuffer(first)

  /** The channel at the end of a stage. */
  def apply(stage: Int): UInt = {
    while (late.size <= stage - ChannelIndex.First) {
      late += pipeline.register(late.size + ChannelIndex.First, "channel", late.last)
    }
    late(stage - ChannelIndex.First)
  }
}

private object ChannelIndex {
  val First: Int = -2
}

object RequantizerPipeline {
  private type Accumulators = java.util.List[java.util.List[java.lang.Long]]
}

/** Products with constants as sums of shifted operands. */
object ShiftAdd {

  /** Rows whose sum, plus [[SignedDigits.canonicalRest]], is `operand * factor`: a negative row is inverted
    * only.
    */
  def rows(operand: SInt, factor: BigInt): Seq[SInt] =
    SignedDigits.canonical(factor.bigInteger).asScala.toSeq.map { digit =>
      (if (digit.negative) ~operand else operand) << digit.place
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
    val shifted = pipeline.name(sum(sum.high downto shift).resize(width bits), "shifted")
    val quotient = pipeline.register(from + 1, "quotient", shifted)
    val corrected =
      if (ties) {
        val parity = if (tieRule == TieRule.TO_ODD) !shifted.lsb else shifted.lsb
        val exact = sum(shift - 1 downto 0) === 0
        val tie = pipeline.register(from + 1, "tie", exact && parity)
        quotient - (False ## tie).asSInt.resize(width bits)
      } else quotient
    val rounded = pipeline.register(from + 2, "rounded", corrected)
    val element = Finish.fit(rounded, bits)
    val floor = if (least < low) Finish.isBelow(rounded, low) ? Rom.constant(low, bits) | element else element
    val clamped = if (most > high) Finish.isAbove(rounded, high) ? Rom.constant(high, bits) | floor else floor
    pipeline.delay(clamped, from + 2, to, "result")
  }
}

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
