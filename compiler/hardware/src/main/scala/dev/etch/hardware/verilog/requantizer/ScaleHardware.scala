// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.requantizer

import dev.etch.hardware.PipelineStages.SUM
import dev.etch.hardware.requantizer.Scale
import dev.etch.hardware.verilog.AdderTree
import spinal.core._

/** A [[Scale]]: the rows of the product and the offset, their sum, and its finish. */
final class ScaleHardware(form: Scale, place: RequantizerPlace) {
  import place.{accumulator, pipeline, range}

  /** The output element, at the end of the last stage. */
  def build(): Bits = build(Seq.empty, (0, 0))

  /** The same with more rows, which what is compared decides on: they have a register behind the comparison,
    * and are added last.
    *
    * @param corrections
    *   the rows, at the end of stage 0
    * @param added
    *   smallest and largest sum of the rows
    */
  def build(corrections: Seq[SInt], added: (BigInt, BigInt)): Bits = {
    val multipliers = place.numbers(form.multipliers)
    val offsets = place.numbers(form.offsets)
    val products = multipliers.flatMap(m => Seq(m * range._1, m * range._2))
    val bounds = (products.min + offsets.min + added._1, products.max + offsets.max + added._2)
    val width = Finish.width(bounds, form.shift)
    val product = DigitRows.of(place, accumulator, multipliers)
    val rows = product ++ (if (place.has("offset")) Seq(place.constant("offset")) else Seq.empty)
    // A sum that needs fewer stages is finished early: what is left of it then is narrower.
    val last = if (corrections.isEmpty) AdderTree.leastStages(rows.size).min(SUM) else SUM
    val sum =
      if (corrections.isEmpty) AdderTree(pipeline, rows, width, 0, last)
      else {
        val compared = corrections.zipWithIndex.map { case (row, i) => pipeline.register(1, "correction" + i, row) }
        val correction = AdderTree(pipeline, compared, width, 1, SUM - 1, "corrections")
        val scaled = AdderTree(pipeline, rows, width, 0, SUM - 1)
        pipeline.register(SUM, "corrected", scaled + correction.resize(width bits))
      }
    place.finish(sum, bounds, form.shift, form.tieRule, form.low, form.high, last)
  }
}
