// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.window

import dev.etch.hardware.{Design, SharedArray}
import dev.etch.hardware.verilog.Elements
import spinal.core._
import spinal.lib.slave

import scala.jdk.CollectionConverters._

/** A [[SharedArray]]; its Javadoc is the specification. Operands and weights of the unit that runs are
  * selected in the cycle before they are multiplied; accumulators go to all, and the
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
  private val lent = ports.map(new Lent(_))
  private val sums = (0 until design.lanes(array)).map(lane => build(lane, lent.filter(_.port.lanes > lane)))
  for (port <- ports) {
    port.totals := Elements.together(sums.take(port.lanes).map(_.resize(port.valueBits bits).asBits))
  }

  /** What a unit lends while it runs, and zeros while it does not. */
  private class Lent(val port: ArrayPort) extends Area {
    private val operands = gated(port.operands, "operands")
    private val weights = gated(port.weights, "weights")
    private val last = (port.active & port.last).setName(port.getName() + "_ends")

    private def gated(value: Bits, what: String): Bits =
      if (ports.size == 1) value
      else
        (value & B(value.getWidth bits, default -> port.selected)).setName(s"${port.getName()}_lent_$what")

    def operand(lane: Int): Bits = wide(port.lane(operands, lane), operandBits, s"operand$lane")
    def weight(lane: Int): Bits = wide(port.lane(weights, lane), weightBits, s"weight$lane")
    def ends(lane: Int): Bool = last(lane)

    private def wide(value: SInt, bits: Int, what: String): Bits =
      value.setName(s"${port.getName()}_$what").resize(bits bits).asBits
  }

  /** The accumulator of a lane. */
  private def build(lane: Int, sharing: Seq[Lent]): SInt = {
    val name = s"lane$lane"
    val operand = RegNext(sharing.map(_.operand(lane)).reduce(_ | _).asSInt).setName(name + "_operand")
    val weight = RegNext(sharing.map(_.weight(lane)).reduce(_ | _).asSInt).setName(name + "_weight")
    val term = RegNext(operand * weight).setName(name + "_term")
    val active = RegNext(sharing.map(_.port.active(lane)).reduce(_ || _)).init(False).setName(name + "_active")
    val last = RegNext(sharing.map(_.ends(lane)).reduce(_ || _)).setName(name + "_last")
    val first = RegNextWhen(last, active).init(True).setName(name + "_first")
    val accumulator = Reg(SInt(valueBits bits)).setName(name + "_accumulator")
    val total = (term.resize(valueBits bits) + Combine.unless(first, accumulator)).setName(name + "_total")
    when(active)(accumulator := total)
    accumulator
  }
}
