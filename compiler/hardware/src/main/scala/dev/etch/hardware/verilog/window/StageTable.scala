// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.window

import dev.etch.hardware.PipelineStages._

/** The stages of a window's pipeline, for people who read its Verilog. */
object StageTable {

  /** Cycles after a step's slot, and what is there by then. */
  private val stages = Seq(
    ADDRESS -> "schedule: the address of each port, relative to the pixel's base",
    READ -> "port: the address in front of the memory",
    BEAT -> "port: the beat that was read, and which of its elements is wanted",
    OPERAND -> "lane: operand and weight, and whether the step counts",
    FACTOR -> "lane: both in front of the multiplier",
    PRODUCT -> "lane: the product",
    ACCUMULATED -> "lane: the accumulator with the product",
    DRAIN -> "drain: what it does in the slot",
    HELD -> "lane: the holding register, if a part ends",
    DRAINED -> "drain: the sum of an output's parts",
    DRAINED + REQUANTIZER -> "requantizer: the output element, which enters the reorder memory"
  )

  /** The table, a line a stage. */
  val text: String = ("Stages, in cycles after a step's slot of the sequencer; x_late holds x of the cycles before, the newest lowest:" +:
    stages.map { case (cycles, what) => f"$cycles%4d  $what" }).mkString("\n")
}
