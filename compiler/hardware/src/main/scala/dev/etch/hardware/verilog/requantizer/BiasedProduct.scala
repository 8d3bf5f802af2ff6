// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.requantizer

import dev.etch.hardware.PipelineStages.SUM
import dev.etch.hardware.verilog.{AdderTree, Rom}
import spinal.core._

/** `(accumulator + bias) * multiplier` with the constants of each channel: a register behind the bias, then the rows of
  * the whole product.
  */
final class BiasedProduct(
    place: RequantizerPlace,
    biases: java.util.List[java.lang.Long],
    factors: java.util.List[java.lang.Long]
) {
  import place.{accumulator, pipeline, range}
  private val multipliers = place.numbers(factors)
  private val (least, most) = {
    val added = place.numbers(biases)
    (range._1 + added.min, range._2 + added.max)
  }

  /** Smallest and largest product. */
  val bounds: (BigInt, BigInt) = (multipliers.max * least.min(0), multipliers.max * most.max(0))

  /** The first factor, at the end of stage 1. */
  val operand: SInt = {
    val width = Rom.signedBits(least, most)
    val bias = place.constant("bias").resize(width bits)
    pipeline.register(1, "biased", accumulator.resize(width bits) + bias)
  }

  /** The product and more rows, which stand at the end of stage 1, in `width` bits at the end of stage [[SUM]]. */
  def sum(width: Int, more: Seq[SInt] = Seq.empty): SInt =
    AdderTree(pipeline, DigitRows.whole(place, operand, multipliers) ++ more, width, 1, SUM)
}
