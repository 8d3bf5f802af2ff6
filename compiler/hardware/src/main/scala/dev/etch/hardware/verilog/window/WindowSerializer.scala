// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.window

import dev.etch.hardware.WindowUnit
import dev.etch.hardware.verilog.Count
import spinal.core._

/** Pushes complete pixels, the oldest first, beat by beat.
  *
  * @param completing
  *   whether one more pixel is complete from the next cycle on
  * @param space
  *   whether the output queue takes a beat
  */
final class WindowSerializer(unit: WindowUnit, completing: Bool, space: Bool) extends Area {
  val complete = Reg(UInt(log2Up(unit.reorderPixels + 1) bits)).init(0)
  val place = Reg(UInt(log2Up(unit.reorderPixels) bits)).init(0)
  val beat = new Count(unit.program.outputsPerCluster)

  val available = complete =/= 0
  val pushing = available && space
  beat.advance(pushing)

  /** Whether a pixel's last beat is pushed in this cycle. */
  val pushed = pushing && beat.last
  when(pushed)(place := place + 1)
  when(completing && !pushed)(complete := complete + 1)
  when(!completing && pushed)(complete := complete - 1)
}
