// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog

import dev.etch.hardware.{SoftmaxForm, SoftmaxUnit}
import spinal.core._
import spinal.lib.{master, slave, Stream => BeatStream}

/** A [[SoftmaxUnit]]. */
final class SoftmaxHardware(unit: SoftmaxUnit, moduleName: String) extends Component {
  setDefinitionName(moduleName)
  private val from = unit.input.`type`.element
  private val to = unit.output.`type`.element
  private val busyCycles = unit.form.busyCycles(unit.elements)
  val input = slave(BeatStream(Bits(from.bits bits)))
  val output = master(BeatStream(Bits(to.bits bits)))

  // steps of a line
  val summing = Reg(Bool()).init(False)
  val emitting = Reg(Bool()).init(False)
  val stages = new ElasticPipeline(emitting, output.ready, unit.form.stages)
  val empty = !stages.full.reduce(_ || _)
  val loading = !summing && !emitting && empty
  input.ready := loading
  val position = new Count(unit.elements)
  val taking = loading && input.valid
  val gives = emitting && stages.ready
  position.advance(taking || gives)
  val busy = Reg(UInt(log2Up(busyCycles) bits)).init(0)
  val sum_done = summing && busy === busyCycles - 1
  when(summing)(busy := sum_done ? U(0, busy.getWidth bits) | (busy + 1))
  when(taking && position.last)(summing := True)
  when(sum_done) {
    summing := False
    emitting := True
  }
  when(gives && position.last)(emitting := False)

  // the line and its largest
  private val memory = Mem(Bits(from.bits bits), math.max(2, unit.elements)).setName("memory")
  private val addressBits = log2Up(math.max(2, unit.elements))
  memory.write(position.at.resize(addressBits bits), input.payload, taking)
  val candidate = Elements.signed(input.payload, 0, from)
  val largest = Reg(SInt(candidate.getWidth bits))
  when(taking && (position.at === 0 || candidate > largest))(largest := candidate)

  // elements as distances to the largest, of the sum or of the pipeline
  val pipeline = stages.pipeline("element")
  private val arithmetic: SoftmaxArithmetic = unit.form match {
    case form: SoftmaxForm.Quotient   => new QuotientArithmetic(form, pipeline, to.bits)
    case form: SoftmaxForm.FixedPoint => new FixedPointArithmetic(form, pipeline, to.bits)
  }
  private val interval = arithmetic.interval
  val turn = new Count(interval)
  val added = Reg(UInt(log2Up(unit.elements + 1) bits)).init(0)
  val issuing = summing && added =/= unit.elements && turn.at === 0
  turn.advance(summing)
  when(issuing)(added := added + 1)
  when(!summing) {
    added := 0
    if (interval > 1) turn.at := 0
  }
  private val address = (summing ? added.resize(addressBits bits) | position.at.resize(addressBits bits))
  private val stored = memory.readSync(address, stages.moves(0)).setName("stored")
  val element = Elements.signed(stored, 0, from)
  val distance = pipeline.register(1, "distance", (largest - element).asBits.resize(8 bits).asUInt)
  private val issued = Delay(issuing, 3, "issued")
  output.payload := arithmetic.build(distance, issued, summing, busy, unit.elements)
  output.valid := stages.valid
}

/** What a form of softmax does between the distances and the results. */
trait SoftmaxArithmetic {

  /** Cycles between two elements of the sum. */
  def interval: Int

  /** The result, at the end of the last stage.
    *
    * @param distance
    *   at the end of stage 1
    * @param issued
    *   whether the table's word, read during stage 2, is one that has to be added
    * @param busy
    *   cycles since the line was complete
    */
  def build(distance: UInt, issued: Bool, summing: Bool, busy: UInt, elements: Int): Bits
}

/** A positive float32 as mantissa times 2 to the exponent less a constant: denormal numbers have
  * exponent 1 and no leading one.
  */
final case class PositiveFloat(exponent: UInt, mantissa: UInt)

object PositiveFloat {
  def of(pipeline: Pipeline, word: Bits, name: String): PositiveFloat = PositiveFloat(
    pipeline.name(word(31 downto 24).asUInt, name + "_exponent"),
    pipeline.name(word(23 downto 0).asUInt, name + "_mantissa")
  )
}

/** [[SoftmaxForm.Quotient]]. */
final class QuotientArithmetic(form: SoftmaxForm.Quotient, pipeline: Pipeline, bits: Int)
    extends SoftmaxArithmetic {
  private val quotientBits = SoftmaxForm.Quotient.QUOTIENT_BITS

  /** Largest difference of exponents at which the quotient has these bits, and bits below the point. */
  private val (most, below) = (quotientBits - 2, 2)
  override def interval: Int = SoftmaxForm.Quotient.INTERVAL

  override def build(distance: UInt, issued: Bool, summing: Bool, busy: UInt, elements: Int): Bits = {
    val addend = PositiveFloat.of(pipeline, table(0, distance), "addend")
    val sum = add(addend, issued, summing && busy === 0)
    val divisor = pipeline.name((sum.mantissa << below).resize(24 + below bits), "divisor")
    val numerator = PositiveFloat.of(pipeline, table(1, distance), "numerator")
    val exponents = (False ## numerator.exponent).asSInt.resize(10 bits) - (False ## sum.exponent).asSInt.resize(10 bits)
    val difference = pipeline.name(exponents, "difference")
    val tiny = pipeline.register(3, "tiny", difference < -below)
    val infinite = numerator.exponent === 255
    val huge = pipeline.register(3, "huge", difference > most || infinite)
    val shift = (difference + below).asUInt.resize(log2Up(most + below + 1) bits)
    val dividend = pipeline.register(3, "dividend", ((numerator.mantissa << 1).resize(25 + quotientBits bits) |<< shift).asBits)
    val (quotient, rest) = divide(dividend, divisor)
    finish(quotient, rest, divisor, pipeline.delay(tiny, 3, 3 + quotientBits, "tiny"), pipeline.delay(huge, 3, 3 + quotientBits, "huge"))
  }

  private def table(number: Int, distance: UInt): Bits = pipeline.rom(form.tables.get(number), distance)

  /** The running sum: alignment, addition, rounding to nearest, ties to even; a cycle each. */
  private def add(addend: PositiveFloat, issued: Bool, start: Bool): PositiveFloat = {
    val exponent = Reg(UInt(8 bits)).setName("sum_exponent")
    val mantissa = Reg(UInt(24 bits)).setName("sum_mantissa")
    when(start) {
      exponent := 1
      mantissa := 0
    }
    val larger = pipeline.name(addend.exponent > exponent, "sum_larger")
    val gap = pipeline.name(larger ? (addend.exponent - exponent) | (exponent - addend.exponent), "sum_gap")
    val small = pipeline.name((larger ? mantissa | addend.mantissa) @@ U(0, 3 bits), "sum_smaller")
    val cut = pipeline.name((gap > 26) ? U(27, 5 bits) | gap.resize(5 bits), "sum_cut")
    val shifted = pipeline.name(small |>> cut, "sum_shifted")
    val lost = ((shifted |<< cut) =/= small).asUInt
    val aligned = RegNext(shifted | lost.resize(27 bits)).setName("aligned")
    val other = RegNext(larger ? addend.mantissa | mantissa).setName("other")
    val common = RegNext(larger ? addend.exponent | exponent).setName("common_exponent")
    val total = RegNext((other @@ U(0, 3 bits)) +^ aligned).setName("total")
    val exponent2 = RegNext(common).setName("total_exponent")
    def carry = total.msb
    val kept = pipeline.name(carry ? total(27 downto 4) | total(26 downto 3), "sum_kept")
    val half = carry ? total(3) | total(2)
    val sticky = carry ? total(2 downto 0).orR | total(1 downto 0).orR
    val up = half && (sticky || kept.lsb)
    val rounded = pipeline.name(kept +^ U(up).resize(24 bits), "sum_rounded")
    val done = Delay(issued, 2, "summed")
    when(done) {
      mantissa := rounded.msb ? rounded(24 downto 1) | rounded(23 downto 0)
      exponent := exponent2 + U(carry).resize(8 bits) + U(rounded.msb).resize(8 bits)
    }
    PositiveFloat(exponent, mantissa)
  }

  /** A bit of the quotient a stage, from stage 4 on. */
  private def divide(dividend: Bits, divisor: UInt): (UInt, UInt) = {
    val width = divisor.getWidth
    var rest = dividend(dividend.high downto quotientBits).asUInt.resize(width bits)
    var bitsLeft = dividend(quotientBits - 1 downto 0)
    var quotient: Bits = null
    for (i <- 0 until quotientBits) {
      val stage = 4 + i
      val grown = pipeline.name(rest @@ bitsLeft.msb.asUInt, s"grown_$stage")
      val difference = pipeline.name((False ## grown).asSInt - (B"00" ## divisor).asSInt, s"difference_$stage")
      val fits = pipeline.name(!difference.msb, s"fits_$stage")
      rest = pipeline.register(stage, "rest", fits ? difference.asBits(width - 1 downto 0).asUInt | grown(width - 1 downto 0))
      val grownQuotient = if (quotient == null) fits.asBits else quotient ## fits
      quotient = pipeline.register(stage, "quotient", grownQuotient)
      if (i < quotientBits - 1) bitsLeft = pipeline.register(stage, "bits", bitsLeft(bitsLeft.high - 1 downto 0))
    }
    (quotient.asUInt, rest)
  }

  /** Whether float32 takes the quotient for a tie: it is no farther from it than half a unit in the last place. */
  private def finish(quotient: UInt, rest: UInt, divisor: UInt, tiny: Bool, huge: Bool): Bits = {
    val last = 3 + quotientBits
    val whole = quotient(quotient.high downto 1)
    val odd = quotient.lsb
    // The half above the whole part is in the binade of the whole part's first bit, 1/2 in that of -1.
    val units = (0 until whole.getWidth).foldLeft(divisor >> 24)((unit, j) => whole(j) ? (divisor >> (23 - j)).resize(divisor.getWidth bits) | unit.resize(divisor.getWidth bits))
    val above = rest <= units
    val belowUnits = (whole === 0) ? (divisor >> 25).resize(divisor.getWidth bits) | units
    val under = (divisor - rest) <= belowUnits
    val tie = pipeline.register(last + 1, "tie", odd ? above | under)
    val up = pipeline.register(last + 1, "odd", odd)
    val kept = pipeline.register(last + 1, "whole", whole)
    val isTiny = pipeline.register(last + 1, "none", tiny)
    val isHuge = pipeline.register(last + 1, "beyond", huge)
    val rounded = pipeline.register(last + 2, "rounded", kept +^ U(tie ? kept.lsb | up).resize(kept.getWidth bits))
    val none = pipeline.register(last + 2, "none", isTiny)
    val beyond = pipeline.register(last + 2, "beyond", isHuge)
    val room = form.high - form.zeroPoint
    val clamped = none ? U(0, 12 bits) | ((beyond || rounded > room) ? U(room, 12 bits) | rounded.resize(12 bits))
    pipeline.register(last + 3, "result", ((False ## clamped).asSInt + S(form.zeroPoint, 13 bits)).asBits.resize(bits bits))
  }
}

/** [[SoftmaxForm.FixedPoint]]. */
final class FixedPointArithmetic(form: SoftmaxForm.FixedPoint, pipeline: Pipeline, bits: Int) extends SoftmaxArithmetic {
  import SoftmaxForm.FixedPoint._

  override def interval: Int = 1

  override def build(distance: UInt, issued: Bool, summing: Bool, busy: UInt, elements: Int): Bits = {
    val exponential = pipeline.rom(form.tables.get(0), distance).asUInt
    val sum = Reg(UInt(32 bits)).setName("sum")
    when(summing && busy === 0)(sum := 0)
    val holds = Reg(UInt(32 bits)).setName("normalized")
    val headroom = Reg(UInt(4 bits)).setName("headroom")
    val addend = ((exponential +^ U(1 << (SUM_BITS - 1), 31 bits)) >> SUM_BITS).resize(32 bits)
    when(issued)(sum := sum + addend)
    when(summing && busy === elements + SUM_LATENCY - 2) {
      // The sum is at least one: at most so many zeros are in front of it.
      val zeros = (0 until 32 - 1 - 19 + 1).foldRight(U(12, 4 bits))((n, other) => sum(31 - n) ? U(n, 4 bits) | other)
      headroom := zeros
    }
    when(summing && busy === elements + SUM_LATENCY - 1)(holds := sum |<< headroom)
    val reciprocal = Reg(SInt(33 bits)).setName("reciprocal")
    val half = pipeline.name((False ## holds(31 downto 1)).asSInt.resize(33 bits), "half")
    val error = Reg(SInt(33 bits)).setName("error")
    val estimate = Reg(SInt(33 bits)).setName("estimate")

    // products of the reciprocal
    val start = summing && busy === elements + SUM_LATENCY
    val product = new Count(PRODUCTS)
    val cycle = new Count(PRODUCT_CYCLES)
    val multiplying = Reg(Bool()).init(False).setName("multiplying")
    when(start)(multiplying := True)
    cycle.advance(multiplying)
    product.advance(multiplying && cycle.last)
    when(multiplying && cycle.last && product.last)(multiplying := False)
    val first = pipeline.name(product.at === 0, "first_product")
    val ofError = pipeline.name(product.at =/= 0 && !product.at.lsb, "product_of_error")
    val left = first ? half | (ofError ? estimate | half)
    val right = first ? S(FIRST_SLOPE, 33 bits) | (ofError ? error | estimate)
    val a = pipeline.register(3, "left", multiplying ? left | reciprocal)
    val b = pipeline.register(3, "right", multiplying ? right | (B"00" ## exponential).asSInt)
    val nudge = S(BigInt(1) << 30, 32 bits)
    val sumOfRows = AdderTree(pipeline, Booth.rows(pipeline, a, b) :+ nudge, 66, 3, 7)
    val high = pipeline.name((sumOfRows >> 31).resize(34 bits), "product")
    when(multiplying && cycle.last) {
      when(first)(estimate := (S(FIRST_ESTIMATE, 34 bits) + high).resize(33 bits))
      when(!first && !ofError)(error := (S(1 << 29, 34 bits) - high).resize(33 bits))
      when(ofError)(estimate := (estimate.resize(34 bits) + (high << 2).resize(34 bits)).resize(33 bits))
    }
    val doubled = pipeline.name((estimate << 1).resize(34 bits), "doubled")
    reciprocal := (doubled > S((BigInt(1) << 31) - 1, 34 bits)) ? S((BigInt(1) << 31) - 1, 33 bits) | doubled.resize(33 bits)

    // probabilities
    val shift = S(SUM_BITS + 31 - bits, 8 bits) - (False ## headroom).asSInt.resize(8 bits)
    val amount = pipeline.name(shift.asUInt.resize(6 bits), "amount")
    val positive = high.asUInt.resize(33 bits)
    val rounded = pipeline.register(8, "rounded", positive + (U(1, 33 bits) |<< (amount - 1)))
    val shifted = pipeline.register(9, "shifted", (amount > 31) ? U(0, bits + 2 bits) | (rounded |>> amount).resize(bits + 2 bits))
    val most = (BigInt(1) << bits) - 1
    val clamped = (shifted > U(most, bits + 2 bits)) ? U(most, bits + 2 bits) | shifted
    pipeline.register(10, "result", (clamped.asBits.asUInt + U((BigInt(form.minimum) & ((BigInt(1) << (bits + 2)) - 1)), bits + 2 bits)).asBits.resize(bits bits))
  }
}
