// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.requantizer

import dev.etch.hardware.PipelineStages.{REQUANTIZER, SUM}
import dev.etch.hardware.requantizer.FloatScale
import spinal.core._

/** A [[FloatScale]]: the exact product, and what rounds it. */
final class FloatScaleHardware(form: FloatScale, place: RequantizerPlace) {

  /** The output element, at the end of the last stage. */
  def build(): Bits = {
    val product = BiasedProduct(place, form.biases, form.multipliers)
    val sum = product.sum(Finish.width(product.bounds, form.shift))
    val zero = BigInt(form.zeroPoint)
    val rounding =
      new Rounding(form.shift, form.magnitudeBits, BigInt(form.low), BigInt(form.high), (zero, zero), None)
    new Finish(place.pipeline, SUM, REQUANTIZER).rounded(sum, product.bounds, rounding, place.resultBits)
  }
}
