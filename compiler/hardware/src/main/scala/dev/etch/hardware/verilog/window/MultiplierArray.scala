// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.window

import dev.etch.hardware.{Design, SharedArray}
import spinal.core._
import spinal.lib.slave

import scala.jdk.CollectionConverters._

/** A [[SharedArray]]; its Javadoc is the specification. Operands and weights of the unit that runs are
  * selected in front of the multipliers, in the stage of a unit's own ones; sums go to all, and the
  * one that runs takes them.
  */
final class MultiplierArray(design: Design, array: SharedArray, moduleName: String) extends Component {
  setDefinitionName(moduleName)
  private val users = design.members(array).asScala.toSeq

  /** One port a member, in the order of the data flow. */
  val ports: Seq[ArrayPort] = users.map(user => slave(ArrayPort.of(user)).setName(user.name))

  private val free = !ports.map(_.keeps).reduce(_ || _)
  ports.zipWithIndex.foreach { case (port, number) =>
    val later = ports.drop(number + 1).map(_.asks)
    port.granted := later.foldLeft(free && port.asks)((alone, other) => alone && !other)
  }

  private val operandBits = ports.map(_.operandBits).max
  private val weightBits = ports.map(_.weightBits).max
  private val valueBits = ports.map(_.valueBits).max
  for (lane <- 0 until design.lanes(array)) build(lane, ports.filter(_.lanes > lane))

  private def build(lane: Int, sharing: Seq[ArrayPort]): scala.Unit = {
    val name = s"lane$lane"
    val operand = selected(sharing, _.operands(lane), operandBits)
    val weight = selected(sharing, _.weights(lane), weightBits)
    val term = RegNext(operand * weight).setName(name + "_term")
    val active = sharing.map(_.active(lane)).reduce(_ || _)
    val last = sharing.map(port => port.active(lane) && port.last(lane)).reduce(_ || _)
    val first = RegNextWhen(last, active).init(True).setName(name + "_first")
    val accumulator = Reg(SInt(valueBits bits)).setName(name + "_accumulator")
    val total = term.resize(valueBits bits) + Combine.unless(first, accumulator)
    when(active)(accumulator := total)
    sharing.foreach(port => port.totals(lane) := total.resize(port.valueBits bits))
  }

  /** Of the unit that runs; anything if none does. */
  private def selected(sharing: Seq[ArrayPort], value: ArrayPort => SInt, width: Int): SInt =
    if (sharing.size == 1) value(sharing.head).resize(width bits)
    else
      sharing
        .map(port => value(port).resize(width bits).asBits & B(width bits, default -> port.selected))
        .reduce(_ | _)
        .asSInt
}
