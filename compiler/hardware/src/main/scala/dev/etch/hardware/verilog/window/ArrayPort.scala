// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.window

import dev.etch.hardware.{WindowNetlist, WindowUnit}
import spinal.core._
import spinal.lib.IMasterSlave

/** What a window unit, the master, and the array of multipliers that it shares tell each other. What
  * there is for each lane is side by side, the first lane lowest: a signal for each would make
  * thousands of them, and SpinalHDL's time grows with their square. All of them are registers of the side
  * that gives them, but `granted`, which the requests of all members decide: `selected`, `operands` and
  * `weights` of [[PipelineStages.OPERAND]], `active` and `last` of [[PipelineStages.FACTOR]], `totals` of
  * [[PipelineStages.ACCUMULATED]].
  */
final case class ArrayPort(lanes: Int, operandBits: Int, weightBits: Int, valueBits: Int)
    extends Bundle
    with IMasterSlave {

  /** A pixel may start and the unit decides in this cycle. */
  val asks = Bool()

  /** The unit runs, and not for the last step. */
  val keeps = Bool()

  /** The unit starts a pixel. */
  val granted = Bool()
  val selected = Bool()
  val operands = Bits(lanes * operandBits bits)
  val weights = Bits(lanes * weightBits bits)
  val active = Bits(lanes bits)
  val last = Bits(lanes bits)
  val totals = Bits(lanes * valueBits bits)

  /** What is there for a lane, of what is there for all. */
  def lane(all: Bits, number: Int): SInt = {
    val width = all.getWidth / lanes
    all(number * width, width bits).asSInt
  }

  override def asMaster(): scala.Unit = {
    out(asks, keeps, selected, operands, weights, active, last)
    in(granted, totals)
  }
}

object ArrayPort {

  /** The port that a unit needs. */
  def of(unit: WindowUnit): ArrayPort = {
    ArrayPort(
      unit.program.lanes,
      WindowLanes.operandBits(unit),
      WindowNetlist.weightBits(unit.program),
      WindowLanes.valueBits(unit)
    )
  }
}
