// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.window

import dev.etch.hardware.{WindowUnit, WindowWalk}
import dev.etch.hardware.verilog.{Position, Rom}
import spinal.core._

/** Steps through the schedule: idle, run, or pause until drains of two pixels cannot meet.
  *
  * @param written
  *   whether the writer writes a beat in this cycle
  * @param fetched
  *   whether the serializer fetches a pixel's last beat in this cycle
  * @param array
  *   the array that is shared, if the unit has no multipliers of its own
  */
final class WindowSequencer(unit: WindowUnit, written: Bool, fetched: Bool, array: Option[ArrayPort])
    extends Area {
  private val steps = unit.program.steps
  private val pause = unit.program.pause
  private val walk = unit.walk
  private val farthest = WindowSequencer.farthest(unit)
  private val levelBits = Rom.signedBits(-farthest, walk.span + farthest + unit.buffer.depth)

  val running = Reg(Bool()).init(False)
  private val pausing = if (pause > 0) Reg(Bool()).init(False).setName("pausing") else False
  val slot = Reg(UInt(math.max(1, log2Up(steps)) bits)).init(0)
  // Place of the running, or last, pixel in the reorder memory.
  val place = Reg(UInt(log2Up(unit.reorderPixels) bits)).init(unit.reorderPixels - 1)
  val base = Reg(UInt(WindowWriter.addressBits(unit.buffer) bits)).init(0)
  val level = Reg(SInt(levelBits bits)).init(0)
  val in_flight = Reg(UInt(log2Up(unit.reorderPixels + 1) bits)).init(0)
  val pixel = new Position(1, walk.outputWidth, walk.outputHeight)

  val deciding = Bool()
  // Whether the slot is the last of a run, or of a pause.
  private val at_last = endOf(steps, "at_last_step")
  val releasing = running && at_last
  pixel.advance(releasing)

  private val waiting = if (pause > 0) !running && (!pausing || endOf(pause, "at_last_of_pause")) else !running
  deciding := releasing || waiting
  // Of a power of two, so it is one bit.
  val room = !in_flight.msb
  val may_start = room && enough
  val starting = array.fold(deciding && may_start)(_.granted)
  array.foreach { port =>
    port.asks := deciding && may_start
    port.keeps := running && !releasing
  }

  val next_slot = deciding ? U(0, slot.getWidth bits) | slot + 1
  slot := next_slot
  when(deciding) {
    running := array.fold(may_start)(_.granted)
    if (pause > 0) pausing := releasing && !array.fold(may_start)(_.granted)
  }
  when(starting)(place := place + 1)

  level := level + (False ## written).asSInt.resize(levelBits bits) -
    (releasing ? forStep(step => S(step, levelBits bits)) | S(0, levelBits bits))
  when(starting && !fetched)(in_flight := in_flight + 1)
  when(!starting && fetched)(in_flight := in_flight - 1)
  if (unit.buffer.words > 1) when(releasing) {
    base := base + ofThis(walk.inWords(unit.buffer), step => U(step % unit.buffer.words, base.getWidth bits))
  }

  /** Whether this is the last of so many slots; a register that looks a cycle ahead. */
  private def endOf(slots: Int, name: String): Bool =
    if (slots == 1) True
    else {
      val ends = Reg(Bool()).init(False).setName(name)
      ends := !deciding && slot === slots - 2
      ends
    }

  /** Whether the next pixel's window is there. The level is compared in the cycle before, with and without
    * the beat that is written then; behind a release the comparison is with what that leaves.
    */
  private def enough: Bool = {
    def reaches(beats: SInt) = level >= beats
    val needed = ofRunning(walk.span, "needed")
    if (steps == 1) reaches(releasing ? needed | S(walk.span, levelBits bits))
    else {
      val nearly = ofRunning(walk.span - 1, "nearly_needed")
      val after_release = written ? reaches(nearly) | reaches(needed)
      after_release.setName("will_be_enough_after_release")
      val now = written ? reaches(S(walk.span - 1, levelBits bits)) | reaches(S(walk.span, levelBits bits))
      val enough_after = RegNext(after_release).init(False).setName("enough_after_release")
      val enough_now = RegNext(releasing ? after_release | now).init(False).setName("enough")
      releasing ? enough_after | enough_now
    }
  }

  /** What the running pixel frees, and so much more. Chosen when the pixel starts, so that nothing is in front of
    * the comparison.
    */
  private def ofRunning(more: Int, name: String): SInt = {
    def literal(step: Int) = S(step + more, levelBits bits)
    if (walk.outputWidth == 1 && walk.rowStep == walk.frameStep) literal(walk.rowStep)
    else {
      val next = stepOf(walk, pixel.column.last ? pixel.row.isLastNext | pixel.row.last, pixel.column.isLastNext, literal)
      val first = if (walk.outputWidth > 1) walk.pixelStep else if (walk.outputHeight > 1) walk.rowStep else walk.frameStep
      RegNextWhen(next, releasing).init(literal(first)).setName(name)
    }
  }

  /** The number of beats that this pixel's release frees, as `literal` writes it. */
  def forStep[T <: Data](literal: Int => T): T = ofThis(walk, literal)

  private def ofThis[T <: Data](walk: WindowWalk, literal: Int => T): T =
    stepOf(walk, pixel.row.last, pixel.column.last, literal)

  private def stepOf[T <: Data](walk: WindowWalk, lastRow: => Bool, lastColumn: => Bool, literal: Int => T): T = {
    val row = if (walk.rowStep == walk.frameStep) literal(walk.rowStep)
      else lastRow ? literal(walk.frameStep) | literal(walk.rowStep)
    if (walk.outputWidth == 1) row else lastColumn ? row | literal(walk.pixelStep)
  }
}

object WindowSequencer {

  /** Most beats that a pixel releases. */
  def farthest(unit: WindowUnit): Int =
    math.max(unit.walk.pixelStep, math.max(unit.walk.rowStep, unit.walk.frameStep))
}
