// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.requantizer

import dev.etch.hardware.requantizer.Corrected
import spinal.core._

/** A [[Corrected]]: a scale with one more row for each correction, half a step up or down if the accumulator is
  * the one that the memory names.
  */
final class CorrectedHardware(form: Corrected, place: RequantizerPlace) {

  /** The output element, at the end of the last stage. */
  def build(): Bits = {
    val rows = Corrections.rows(place, form.raised, form.lowered).map(_ << (form.shift - 1))
    val half = if (rows.isEmpty) BigInt(0) else BigInt(1) << (form.shift - 1)
    new ScaleHardware(form.line, place).build(rows, (-half, half))
  }
}
