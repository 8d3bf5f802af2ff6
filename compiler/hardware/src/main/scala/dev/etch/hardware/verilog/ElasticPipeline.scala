// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog

import dev.etch.hardware.MapUnit
import spinal.core._

/** Valid bits of a pipeline of `MapUnit.STAGES` registers in which every stage moves on if the next
  * is empty or moves on too.
  *
  * @param available
  *   whether there is something to take
  * @param space
  *   whether the output queue takes a beat
  */
final class ElasticPipeline(available: Bool, space: Bool) extends Area {
  val full = Vec.fill(MapUnit.STAGES)(Reg(Bool()).init(False))
  val moves = Vec.fill(MapUnit.STAGES)(Bool())

  for (stage <- 0 until MapUnit.STAGES) {
    val next = if (stage == MapUnit.STAGES - 1) space else moves(stage + 1)
    moves(stage) := !full(stage) || next
    when(moves(stage))(full(stage) := (if (stage == 0) available else full(stage - 1)))
  }

  /** Whether the first stage takes a beat, if there is one. */
  def ready: Bool = moves.head

  /** Whether the last stage holds a beat. */
  def valid: Bool = full.last

  /** Registers that keep step with the valid bits. */
  def pipeline(prefix: String): Pipeline = new Pipeline(prefix, stage => Some(moves(stage)))
}
