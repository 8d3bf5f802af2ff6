// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.requantizer

import dev.etch.hardware.PipelineStages.{REQUANTIZER, SUM}
import dev.etch.hardware.requantizer.Thresholds
import dev.etch.hardware.verilog.{AdderTree, Rom}
import spinal.core._

/** [[Thresholds]]: compares with all at once and counts. */
final class ThresholdsHardware(form: Thresholds, place: RequantizerPlace) {
  import place.{accumulator, pipeline, range}

  /** The output element, at the end of the last stage. */
  def build(): Bits = {
    val most = place.sizes(form.thresholds).max
    val wide = pipeline.name(accumulator.resize(Rom.signedBits(range._1, range._2 + 1) bits), "compared")
    val reached = (0 until most).map { i =>
      val compared = pipeline.register(1, "reached" + i, wide >= place.constant("threshold" + i))
      (False ## compared).asSInt
    }
    val total = math.max(2, Rom.signedBits(0, most))
    val rows = if (reached.isEmpty) Seq(S(0, 2 bits)) else reached
    val counted = AdderTree(pipeline, rows, total, 1, SUM + 1)
    val finalWidth = Rom.signedBits(BigInt(form.low).min(0), BigInt(form.low).max(0) + most)
    val value = pipeline.name(counted.resize(finalWidth bits) + S(form.low, finalWidth bits), "counted")
    pipeline.delay(Finish.fit(value, place.resultBits), SUM + 1, REQUANTIZER, "result")
  }
}
