// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.requantizer

import dev.etch.hardware.arithmetic.TieRule
import dev.etch.hardware.requantizer.SharedScale
import spinal.core._

/** A [[SharedScale]]: the product with the offset as one more row. */
final class SharedScaleHardware(form: SharedScale, place: RequantizerPlace) {

  /** The output element, at the end of the last stage. */
  def build(): Bits = {
    val product = BiasedProduct(place, form.biases, java.util.List.of(Long.box(form.multiplier)))
    val offset = BigInt(form.offset)
    val bounds = (product.bounds._1 + offset, product.bounds._2 + offset)
    val sum = product.sum(Finish.width(bounds, form.shift), Seq(S(offset)))
    place.finish(sum, bounds, form.shift, TieRule.NONE, form.low, form.high)
  }
}
