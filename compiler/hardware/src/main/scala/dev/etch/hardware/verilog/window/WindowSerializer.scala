// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.window

import dev.etch.hardware.WindowUnit
import dev.etch.hardware.verilog.Count
import spinal.core._

/** Fetches complete pixels, the oldest first, beat by beat, and pushes each from a register: the memory that it reads
  * and the queue share no cycle.
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

  /** Whether a beat is held. */
  val holds = Reg(Bool()).init(False)
  val fetching = complete =/= 0 && (!holds || space)
  beat.advance(fetching)
  when(fetching)(holds := True)
  when(!fetching && space)(holds := False)

  /** Whether a pixel's last beat is fetched in this cycle. */
  val fetched = fetching && beat.last
  when(fetched)(place := place + 1)
  when(completing && !fetched)(complete := complete + 1)
  when(!completing && fetched)(complete := complete - 1)
}
