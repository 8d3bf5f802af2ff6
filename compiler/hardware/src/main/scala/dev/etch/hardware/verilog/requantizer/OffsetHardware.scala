// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.requantizer

import dev.etch.hardware.PipelineStages.REQUANTIZER
import dev.etch.hardware.requantizer.Offset
import spinal.core._

/** An [[Offset]]: an adder, unless all offsets are zero. */
final class OffsetHardware(form: Offset, place: RequantizerPlace) {

  /** The output element, at the end of the last stage. */
  def build(): Bits = {
    val width = place.table("offset").width
    val operand = place.accumulator.resize(width bits)
    val isZero = place.numbers(form.offsets).forall(_ == 0)
    val sum = if (isZero) operand else operand + place.constant("offset")
    val element = Finish.fit(sum, place.resultBits)
    place.pipeline.delay(element, 0, REQUANTIZER, "result")
  }
}
