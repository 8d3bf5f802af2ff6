// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.requantizer

import dev.etch.hardware.PipelineStages.SUM
import dev.etch.hardware.arithmetic.TieRule
import dev.etch.hardware.requantizer.BiasedScale
import dev.etch.hardware.verilog.AdderTree
import spinal.core._

/** A [[BiasedScale]]: a register behind the bias, then the product with half a step as one more row, less one
  * below zero.
  */
final class BiasedScaleHardware(form: BiasedScale, place: RequantizerPlace) {
  import place.{accumulator, pipeline, range}

  /** The output element, at the end of the last stage. */
  def build(): Bits = {
    val biases = place.numbers(form.biases)
    val (least, most) = (range._1 + biases.min, range._2 + biases.max)
    val bias = place.constant("bias")
    val operand = pipeline.register(1, "biased", accumulator.resize(bias.getWidth bits) + bias)
    val multipliers = place.numbers(form.multipliers)
    val half = BigInt(1) << (form.shift - 1)
    val bounds = (multipliers.max * least.min(0) + half - 1, multipliers.max * most.max(0) + half)
    val total = Finish.width(bounds, form.shift)
    val rows = DigitRows.of(place, operand, multipliers)
    val rounding = place.bits("half")
    val isBelow = operand.msb.asSInt
    val sum = AdderTree(pipeline, rows ++ Seq(rounding.asSInt, isBelow), total, 1, SUM)
    place.finish(sum, bounds, form.shift, TieRule.NONE, form.low, form.high)
  }
}
