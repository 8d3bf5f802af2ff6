// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.requantizer

import dev.etch.hardware.PipelineStages.{REQUANTIZER, SUM}
import dev.etch.hardware.requantizer.LoadedFixedPoint
import spinal.core._

/** A [[LoadedFixedPoint]]: the exact product and half a unit of both roundings, and what lowers it below zero. */
final class LoadedFixedPointHardware(form: LoadedFixedPoint, place: RequantizerPlace) {
  private val envelope = form.envelope
  private val shift = envelope.shift
  private val most = LoadedFixedPoint.mostPlaces(envelope)

  /** As many ones in front as the second rounding has places, at the end of stage 1. */
  private val places = place.bits("places")

  /** The output element, at the end of the last stage. */
  def build(): Bits = {
    val product = BiasedProduct.loaded(place, envelope)
    val both = BigInt(3) << (shift - 2)
    val bounds = (product.bounds._1, product.bounds._2 + both)
    val sum = product.sum(Finish.width(bounds, shift), Seq(halves))
    val late = place.pipeline.delay(places, 1, SUM, "places")
    val zeros = (sum(shift - 1 downto shift - most).asBits & late) === 0
    new Finish(place.pipeline, SUM, REQUANTIZER).lowered(
      sum,
      bounds,
      shift,
      late.msb && zeros,
      (BigInt(envelope.low), BigInt(envelope.high)),
      place.constant("zero"),
      place.resultBits
    )
  }

  /** Half a unit of the second rounding, and of the first if there are two. */
  private def halves: SInt = {
    val second = (0 until most).map(place => places(place) && (if (place == 0) True else !places(place - 1)))
    place.pipeline.name((B"01" ## Cat(second) ## B(0, shift - 1 - most bits)).asSInt, "halves")
  }
}
