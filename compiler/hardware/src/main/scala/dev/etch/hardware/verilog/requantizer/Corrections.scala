// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.requantizer

import spinal.core._

/** Accumulators whose result is moved by half a step. A slot that a channel does not use names an accumulator
  * that cannot occur.
  */
object Corrections {

  /** One, minus one or nothing, for each correction of a channel. */
  def rows(
      place: RequantizerPlace,
      raised: java.util.List[java.util.List[java.lang.Long]],
      lowered: java.util.List[java.util.List[java.lang.Long]]
  ): Seq[SInt] = {
    val slots = place.sizes(raised).zip(place.sizes(lowered)).map { case (up, down) => up + down }.max
    (0 until slots).map { i =>
      val corrected = place.constant("corrected" + i)
      val down = place.bits("lowered" + i)
      val hit =
        place.pipeline.name(place.accumulator.resize(corrected.getWidth bits) === corrected, "corrects" + i)
      ((hit && down.lsb) ## hit).asSInt
    }
  }
}
