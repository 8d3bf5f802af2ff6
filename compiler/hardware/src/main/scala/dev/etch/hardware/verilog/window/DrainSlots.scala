// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.window

import dev.etch.hardware.PipelineStages.DRAIN
import dev.etch.hardware.Program
import dev.etch.hardware.verilog.{Columns, Delay}
import spinal.core._

/** Which slot drains are in. They follow their pixel: those behind its last step ("spilling") come when they
  * would if the next pixel followed at once, though it may start later or never. They have a counter of their
  * own; a single slot of this kind needs none, because the sequencer's slot is 0 then, too.
  */
final class DrainSlots(program: Program, sequencer: WindowSequencer, columns: Columns) extends Area {
  private val tail = program.tail

  // The counter is a cycle ahead of the address of the memory, which is a register.
  private val counted = if (tail > 1) columns.reads(DRAIN) - 1 else 0
  private val releasing = Delay(sequencer.releasing, counted, "releasing")
  if (counted > 0) releasing.setName("run_ended")
  private val spills = Reg(Bool()).init(False).setName("spills")
  private val ends = if (tail > 1) count() else spills
  spills := (if (tail > 0) releasing || (spills && !ends) else False)

  /** Whether it is the turn of a pixel that has run, in the stage of drains. */
  val spilling: Bool = if (tail > 0) Delay(spills, DRAIN - counted, "spills").setName("spilling") else False

  /** Whether the slot is also that of a pixel that runs, if one does. */
  val together: Bool = if (program.firstDrain < tail) {
    val follows = Reg(Bool()).setName("follows")
    when(Delay(sequencer.starting, counted, "starting"))(follows := releasing)
    (Delay.data(follows, DRAIN - counted, "follows") || !spilling).setName("in_step")
  } else True

  /** Whether a pixel's last drain was in its slot so many cycles ago. */
  def completed(ago: Int): Bool =
    if (tail > 0) Delay(ends, ago - counted, "completing")
    else Delay(sequencer.running && sequencer.slot === program.lastDrain, ago, "completing")

  /** Counts the slots; returns whether this is the last. */
  private def count(): Bool = {
    val spill = Reg(UInt(log2Up(tail) bits)).setName("spill")
    spill := spill + 1
    when(releasing)(spill := 0)
    columns.redirect(DRAIN)(slot => spills ? spill.resize(slot.getWidth bits) | slot)
    (spills && spill === tail - 1).setName("spill_ends")
  }
}
