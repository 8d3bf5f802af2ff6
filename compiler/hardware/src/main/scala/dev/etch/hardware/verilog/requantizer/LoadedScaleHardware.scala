// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.requantizer

import dev.etch.hardware.PipelineStages.{REQUANTIZER, SUM}
import dev.etch.hardware.requantizer.LoadedScale
import spinal.core._

/** A [[LoadedScale]]: a [[FloatScaleHardware]] for all numbers of its envelope. */
final class LoadedScaleHardware(form: LoadedScale, place: RequantizerPlace) {
  private val envelope = form.envelope

  /** The output element, at the end of the last stage. */
  def build(): Bits = {
    val product = BiasedProduct.loaded(place, envelope)
    val sum = product.sum(Finish.width(product.bounds, envelope.shift))
    val rounding = new Rounding(
      envelope.shift,
      envelope.magnitudeBits,
      BigInt(envelope.low),
      BigInt(envelope.high),
      (BigInt(envelope.low), BigInt(envelope.high)),
      Some(place.constant("zero"))
    )
    new Finish(place.pipeline, SUM, REQUANTIZER).rounded(sum, product.bounds, rounding, place.resultBits)
  }
}
