// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.requantizer

import dev.etch.hardware.PipelineStages.{REQUANTIZER, SUM}
import dev.etch.hardware.requantizer.FloatScale
import spinal.core._

/** A [[FloatScale]]: the exact product, and what rounds it. */
final class FloatScaleHardware(form: FloatScale, place: RequantizerPlace) {

  /** The output element, at the end of the last stage. */
  def build(): Bits = {
    val product = new BiasedProduct(place, form.biases, form.multipliers)
    val sum = product.sum(Finish.width(product.bounds, form.shift))
    new Finish(place.pipeline, SUM, REQUANTIZER).rounded(sum, product.bounds, form, place.resultBits)
  }
}
