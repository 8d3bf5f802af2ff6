// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.window

import dev.etch.hardware.{Design, LoadMap, SharedArray, WindowUnit}
import dev.etch.hardware.verilog.{LoadPort, LoadedMemories}
import spinal.core._
import spinal.lib.{master, slave, Stream => BeatStream}

import scala.jdk.CollectionConverters._

/** The outside of a module that is written by itself: SpinalHDL's time and memory grow faster than the
  * netlist that it is given at once, and modules that are apart can be written at the same time.
  */
abstract class Box(moduleName: String) extends BlackBox {
  setDefinitionName(moduleName)
  val aclk = in(Bool())
  val core_reset = in(Bool())
  mapCurrentClockDomain(aclk, core_reset)
}

object Box {

  /** Makes a module that is written by itself, with the clock and reset of its box. */
  def inside[T <: Component](component: => T): T = {
    ClockDomain.current.clock.setName("aclk")
    ClockDomain.current.reset.setName("core_reset")
    component
  }
}

/** The outside of a [[WindowHardware]]. */
final class WindowBox(unit: WindowUnit, moduleName: String, shares: Boolean, loads: LoadMap)
    extends Box(moduleName) {
  val input = slave(BeatStream(Bits(unit.input.`type`.bits bits)))
  val output = master(BeatStream(Bits(unit.output.`type`.bits bits)))
  val array = if (shares) Some(master(ArrayPort.of(unit)).setName("array")) else None
  val load = LoadedMemories.port(loads, slave(_))
  val words = WindowWords.port(unit)
}

/** The outside of a [[MultiplierArray]]. */
final class ArrayBox(design: Design, array: SharedArray, moduleName: String) extends Box(moduleName) {

  /** One port a member, in the order of the data flow. */
  val ports: Seq[ArrayPort] =
    design.members(array).asScala.toSeq.map(user => slave(ArrayPort.of(user)).setName(user.name))
}
