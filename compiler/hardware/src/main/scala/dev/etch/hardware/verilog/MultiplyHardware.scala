// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog

import dev.etch.hardware.{LoadMap, MultiplyUnit}
import dev.etch.hardware.verilog.requantizer.{ChannelIndex, RequantizerPipeline}
import dev.etch.tensor.IntegerType
import spinal.core._
import spinal.lib.{master, slave, Stream => BeatStream}

import scala.jdk.CollectionConverters._

/** A [[MultiplyUnit]]. */
final class MultiplyHardware(unit: MultiplyUnit, moduleName: String, loads: LoadMap) extends Component {
  setDefinitionName(moduleName)
  private val (leftType, rightType) = (unit.left.`type`.element, unit.right.`type`.element)
  private val to = unit.output.`type`
  val left = slave(BeatStream(Bits(unit.left.`type`.bits bits)))
  val right = slave(BeatStream(Bits(unit.right.`type`.bits bits)))
  val output = master(BeatStream(Bits(to.bits bits)))
  val load = LoadedMemories.port(loads, slave(_))
  private val memories = LoadedMemories.of(load, loads)

  val stages = new ElasticPipeline(left.valid && right.valid, output.ready, MultiplyUnit.STAGES)
  left.ready := stages.ready && right.valid
  right.ready := stages.ready && left.valid
  output.valid := stages.valid

  output.payload := Cat((0 until to.elements).map { i =>
    val pipeline = stages.pipeline("element" + i)
    val a = operand(pipeline, "left", left.payload, i, leftType, unit.leftZeroPoint)
    val b = operand(pipeline, "right", right.payload, i, rightType, unit.rightZeroPoint)
    val corners = unit.products.asScala.map(BigInt(_))
    val range = (corners.min, corners.max)
    val last = MultiplyUnit.PRODUCT_STAGES - 1
    val product = AdderTree(pipeline, Booth.rows(pipeline, a, b), Rom.signedBits(range._1, range._2), 0, last)
    val requantizer = stages.pipeline("product" + i, last, memories)
    new RequantizerPipeline(unit.requantizer, requantizer, Seq(0), new ChannelIndex(requantizer, U(0, 1 bits)), product, range, to.element)
      .build()
  })

  /** An operand without its zero point. */
  private def operand(
      pipeline: Pipeline,
      name: String,
      payload: Bits,
      i: Int,
      element: IntegerType,
      zeroPoint: Int
  ): SInt = {
    val (low, high) = Elements.range(element)
    val range = (low - zeroPoint, high - zeroPoint)
    val width = Rom.signedBits(range._1, range._2)
    val stored = Elements.signed(payload, i, element)
    val wide = math.max(width, stored.getWidth)
    val shifted = if (zeroPoint == 0) stored else (stored.resize(wide) - S(zeroPoint, wide bits))
    pipeline.register(0, name, shifted.resize(width bits))
  }
}

/** Products of two variables as sums of multiples of one that the other's digits select. */
object Booth {

  /** Rows whose sum is `a * b`: one for each radix-4 digit of `b` (Booth's recoding as MacSorley
    * modified it), and one that completes the two's complement of the negative ones.
    */
  def rows(pipeline: Pipeline, a: SInt, b: SInt): Seq[SInt] = {
    val count = (b.getWidth + 1) / 2
    val digits = pipeline.name(b.resize(2 * count bits).asBits, "digits")
    val single = pipeline.name(a.resize(a.getWidth + 1 bits), "once")
    val rows = (0 until count).map { i =>
      def below = if (i == 0) False else digits(2 * i - 1)
      def low = digits(2 * i)
      def high = digits(2 * i + 1)
      val one = pipeline.name(low ^ below, s"one$i")
      val two = pipeline.name((high ^ low) && !one, s"two$i")
      val multiple = two ? (a << 1) | single
      val magnitude = pipeline.name((one || two) ? multiple | S(0, single.getWidth bits), s"multiple$i")
      (high ? (~magnitude) | magnitude) << (2 * i)
    }
    rows :+ correction(digits, count)
  }

  private def correction(digits: Bits, count: Int): SInt = {
    val ones = (0 until count).map(i => False ## digits(2 * i + 1))
    (False ## Cat(ones)).asSInt
  }
}
