// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog

import dev.etch.hardware.{Design, RegisterMap}
import dev.etch.schedule.CycleModel
import org.junit.jupiter.api.Assertions.assertEquals

import scala.jdk.CollectionConverters._

/** Compares the cycles of a simulation with the cycle model's, as integers. */
object Timing {

  /** Feeds the frames back to back, and the first one alone. */
  def check(design: Design, frames: Seq[Seq[Int]]): Unit = {
    val predicted = CycleModel.run(design, frames.size)
    val trace = Simulation.run(design, frames)
    val ends = trace.outputs.filter(_._3).map(_._1 - trace.fed.head)
    assertEquals(predicted.frameEnds.asScala.map(_.toInt), ends, "ends of frames")
    assertEquals(
      predicted.cyclesPerFrame,
      trace.registers(RegisterMap.LAST_FRAME_CYCLES.offset),
      "register of cycles per frame"
    )
    val single = Simulation.run(design, frames.take(1))
    assertEquals(predicted.latencyCycles, single.outputs.last._1 - single.fed.head, "latency")
    assertEquals(
      predicted.latencyCycles,
      single.registers(RegisterMap.LATENCY_CYCLES.offset),
      "register of latency"
    )
  }
}
