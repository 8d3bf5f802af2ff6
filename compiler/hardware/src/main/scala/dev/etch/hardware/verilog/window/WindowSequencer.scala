// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.window

import dev.etch.hardware.WindowUnit
import dev.etch.hardware.verilog.{Position, Rom}
import spinal.core._

/** Steps through the schedule: idle, run, or flush the drains that spill over the last pixel.
  *
  * @param written
  *   whether the writer writes a beat in this cycle
  * @param pushed
  *   whether a pixel's last beat goes to the output queue in this cycle
  * @param array
  *   the array that is shared, if the unit has no multipliers of its own
  */
final class WindowSequencer(unit: WindowUnit, written: Bool, pushed: Bool, array: Option[ArrayPort])
    extends Area {
  private val steps = unit.program.steps
  private val tail = unit.program.tail
  private val walk = unit.walk
  private val farthest = WindowSequencer.farthest(unit)
  private val levelBits = Rom.signedBits(-farthest, walk.span + farthest + unit.buffer.depth)

  val running = Reg(Bool()).init(False)
  val flushing = Reg(Bool()).init(False)
  val slot = Reg(UInt(math.max(1, log2Up(steps)) bits)).init(0)
  // Whether the running pixel follows its predecessor without a gap, so that drains spill into it.
  val chained = Reg(Bool()).init(False)
  // Place of the running, or last, pixel in the reorder memory.
  val place = Reg(UInt(log2Up(unit.reorderPixels) bits)).init(unit.reorderPixels - 1)
  val base = Reg(UInt(WindowWriter.addressBits(unit.buffer) bits)).init(0)
  val level = Reg(SInt(levelBits bits)).init(0)
  val in_flight = Reg(UInt(log2Up(unit.reorderPixels + 1) bits)).init(0)
  val pixel = new Position(1, walk.outputWidth, walk.outputHeight)

  val releasing = running && slot === steps - 1
  pixel.advance(releasing)

  val needed = forStep(step => S(walk.span + step, levelBits bits))
  val may_start =
    level >= (releasing ? needed | S(walk.span, levelBits bits)) && in_flight < unit.reorderPixels
  val flushed = if (tail > 0) flushing && slot === tail - 1 else False
  val deciding = releasing || flushed || !(running || flushing)
  val starting = array.fold(deciding && may_start)(_.granted)
  array.foreach { port =>
    port.asks := deciding && may_start
    port.keeps := running && !releasing
  }

  slot := slot + 1
  when(deciding) {
    slot := 0
    running := array.fold(may_start)(_.granted)
    flushing := (if (tail > 0) releasing && !array.fold(may_start)(_.granted) else False)
    chained := releasing
  }
  when(starting)(place := place + 1)

  level := level + (False ## written).asSInt.resize(levelBits bits) -
    (releasing ? forStep(step => S(step, levelBits bits)) | S(0, levelBits bits))
  when(starting && !pushed)(in_flight := in_flight + 1)
  when(!starting && pushed)(in_flight := in_flight - 1)
  if (unit.buffer.depth > 1) when(releasing) {
    base := base + forStep(step => U(step % unit.buffer.depth, base.getWidth bits))
  }

  /** The number of beats that this pixel's release frees, as `literal` writes it. */
  def forStep[T <: Data](literal: Int => T): T = {
    val row = if (walk.rowStep == walk.frameStep) literal(walk.rowStep)
      else pixel.row.last ? literal(walk.frameStep) | literal(walk.rowStep)
    if (walk.outputWidth == 1) row else pixel.column.last ? row | literal(walk.pixelStep)
  }
}

object WindowSequencer {

  /** Most beats that a pixel releases. */
  def farthest(unit: WindowUnit): Int =
    math.max(unit.walk.pixelStep, math.max(unit.walk.rowStep, unit.walk.frameStep))
}
