// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.matrix

import dev.etch.hardware.MatrixNetlist.POSITION
import dev.etch.hardware.verilog.Delay
import spinal.core._
import spinal.lib.{Stream => BeatStream}

/** Beats on their way to the windows of all lanes: by the cycle in which a lane's position for the step that fed one is
  * there, it is written.
  */
final class MatrixFeed(input: BeatStream[Bits], sequencer: MatrixSequencer) extends Area {
  private val delay = POSITION - 1
  val valid = Delay(sequencer.feeding, delay, "fed")

  /** That of a beat, or all of them side by side. */
  val element: Bits = Delay.data(input.payload, delay, "element")
}
