// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.requantizer

import dev.etch.hardware.requantizer.TwoPieceScale
import spinal.core._

/** A [[TwoPieceScale]]: a scale with one more row for accumulators below the pivot. Pivots have zeros at their
  * end where they can, so that few bits are compared.
  */
final class TwoPieceScaleHardware(form: TwoPieceScale, place: RequantizerPlace) {
  import place.accumulator

  /** The output element, at the end of the last stage. */
  def build(): Bits = {
    val pivots = place.numbers(form.pivots)
    val zeros = pivots.filter(_ != 0).map(_.lowestSetBit).foldLeft(accumulator.getWidth - 1)(math.min)
    val pivot = place.constant("pivot")
    val isBelow = (accumulator >> zeros).resize(pivot.getWidth bits) < pivot
    val below = place.constant("below")
    val row = isBelow ? below | S(0, below.getWidth bits)
    new ScaleHardware(form.upperLine, place).build(Seq(row), (place.numbers(form.belows).min, 0))
  }
}
