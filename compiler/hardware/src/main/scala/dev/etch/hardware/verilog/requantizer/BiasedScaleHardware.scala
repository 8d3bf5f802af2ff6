// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.requantizer

import dev.etch.hardware.arithmetic.TieRule
import dev.etch.hardware.requantizer.BiasedScale
import spinal.core._

/** A [[BiasedScale]]: the product with half a step as one more row, less one below zero. */
final class BiasedScaleHardware(form: BiasedScale, place: RequantizerPlace) {

  /** The output element, at the end of the last stage. */
  def build(): Bits = {
    val product = BiasedProduct(place, form.biases, form.multipliers)
    val half = BigInt(1) << (form.shift - 1)
    val bounds = (product.bounds._1 + half - 1, product.bounds._2 + half)
    val isBelow = product.operand.msb.asSInt
    val sum = product.sum(Finish.width(bounds, form.shift), Seq(S(half), isBelow))
    place.finish(sum, bounds, form.shift, TieRule.NONE, form.low, form.high)
  }
}
