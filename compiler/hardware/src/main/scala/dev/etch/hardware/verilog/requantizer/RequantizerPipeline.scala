// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.requantizer

import dev.etch.hardware.requantizer.{
  BiasedScale,
  CentredScale,
  Corrected,
  FloatScale,
  LoadedFixedPoint,
  LoadedScale,
  Offset,
  Requantizer,
  RequantizerTables,
  Scale,
  SharedScale,
  Table,
  Thresholds,
  TwoPieceScale
}
import dev.etch.hardware.verilog.Pipeline
import dev.etch.tensor.IntegerType
import spinal.core._

import scala.jdk.CollectionConverters._

/** Accumulator to output element in [[dev.etch.hardware.PipelineStages.REQUANTIZER]] registers, whatever the
  * form. Only a [[CentredScale]] has a multiplier; in the others products with constants are sums of shifted
  * accumulators.
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
  private val tables = RequantizerTables.of(
    requantizer,
    channels.map(Integer.valueOf(_)).asJava,
    range._1.bigInteger,
    range._2.bigInteger,
    result.bits
  )
  private val place = new RequantizerPlace(pipeline, tables, channels, index, accumulator, range, result.bits)

  /** The output element, at the end of the last stage. */
  def build(): Bits = requantizer.accept(new RequantizerForms(place))
}

/** Makes the hardware of each form of requantizer. */
private final class RequantizerForms(place: RequantizerPlace) extends Requantizer.Visitor[Bits] {
  override def offset(form: Offset): Bits = new OffsetHardware(form, place).build()
  override def scale(form: Scale): Bits = new ScaleHardware(form, place).build()
  override def corrected(form: Corrected): Bits = new CorrectedHardware(form, place).build()
  override def floatScale(form: FloatScale): Bits = new FloatScaleHardware(form, place).build()
  override def loadedScale(form: LoadedScale): Bits = new LoadedScaleHardware(form, place).build()
  override def loadedFixedPoint(form: LoadedFixedPoint): Bits = new LoadedFixedPointHardware(form, place).build()
  override def twoPieceScale(form: TwoPieceScale): Bits = new TwoPieceScaleHardware(form, place).build()
  override def biasedScale(form: BiasedScale): Bits = new BiasedScaleHardware(form, place).build()
  override def sharedScale(form: SharedScale): Bits = new SharedScaleHardware(form, place).build()
  override def thresholds(form: Thresholds): Bits = new ThresholdsHardware(form, place).build()
  override def table(form: Table): Bits = new TableHardware(form, place).build()
  override def centredScale(form: CentredScale): Bits = new CentredScaleHardware(form, place).build()
}
