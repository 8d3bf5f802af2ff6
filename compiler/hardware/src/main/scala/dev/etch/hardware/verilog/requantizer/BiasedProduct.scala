// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.requantizer

import dev.etch.hardware.PipelineStages.SUM
import dev.etch.hardware.requantizer.ScaleEnvelope
import dev.etch.hardware.verilog.{AdderTree, Rom}
import spinal.core._

/** `(accumulator + bias) * multiplier` with the numbers of each channel: a register behind the bias, then the rows of
  * the whole product.
  *
  * @param biases
  *   the smallest and the largest
  * @param most
  *   no multiplier is larger
  * @param rows
  *   those of a product with the operand
  */
final class BiasedProduct(
    place: RequantizerPlace,
    biases: (BigInt, BigInt),
    most: BigInt,
    rows: SInt => Seq[SInt]
) {
  import place.{accumulator, pipeline, range}
  private val (least, greatest) = (range._1 + biases._1, range._2 + biases._2)

  /** Smallest and largest product. */
  val bounds: (BigInt, BigInt) = (most * least.min(0), most * greatest.max(0))

  /** The first factor, at the end of stage 1. */
  val operand: SInt = {
    val width = Rom.signedBits(least, greatest)
    val bias = place.constant("bias").resize(width bits)
    pipeline.register(1, "biased", accumulator.resize(width bits) + bias)
  }

  /** The product and more rows, which stand at the end of stage 1, in `width` bits at the end of stage [[SUM]]. */
  def sum(width: Int, more: Seq[SInt] = Seq.empty): SInt =
    AdderTree(pipeline, rows(operand) ++ more, width, 1, SUM)
}

object BiasedProduct {

  /** A product with numbers that the host loads. */
  def loaded(place: RequantizerPlace, envelope: ScaleEnvelope): BiasedProduct = {
    val bias = BigInt(1) << (envelope.biasBits - 1)
    val most = BigInt(1) << envelope.multiplierBits
    new BiasedProduct(place, (-bias, bias - 1), most, DigitRows.loaded(place, _))
  }

  /** A product with constants, one a channel or one for all. */
  def apply(
      place: RequantizerPlace,
      biases: java.util.List[java.lang.Long],
      factors: java.util.List[java.lang.Long]
  ): BiasedProduct = {
    val added = place.numbers(biases)
    val multipliers = place.numbers(factors)
    new BiasedProduct(place, (added.min, added.max), multipliers.max, DigitRows.whole(place, _, multipliers))
  }
}
