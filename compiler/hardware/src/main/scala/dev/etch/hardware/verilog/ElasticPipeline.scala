// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog

import dev.etch.hardware.MapUnit
import spinal.core._

/** Valid bits of a pipeline of registers in which every stage moves on if the next is empty or moves
  * on too.
  *
  * @param available
  *   whether there is something to take
  * @param space
  *   whether the output queue takes a beat
  * @param stages
  *   how many registers
  */
final class ElasticPipeline(available: Bool, space: Bool, stages: Int = MapUnit.STAGES) extends Area {
  val full = Vec.fill(stages)(Reg(Bool()).init(False))
  val moves = Vec.fill(stages)(Bool())

  for (stage <- 0 until stages) {
    val next = if (stage == stages - 1) space else moves(stage + 1)
    moves(stage) := !full(stage) || next
    when(moves(stage))(full(stage) := (if (stage == 0) available else full(stage - 1)))
  }

  /** Whether the first stage takes a beat, if there is one. */
  def ready: Bool = moves.head

  /** Whether the last stage holds a beat. */
  def valid: Bool = full.last

  /** Registers that keep step with the valid bits; what it calls stage 0 is stage `first` here. */
  def pipeline(prefix: String, first: Int = 0, memories: WordMemories = ConstantMemories): Pipeline =
    new Pipeline(prefix, stage => Some(moves(first + stage)), memories)
}
