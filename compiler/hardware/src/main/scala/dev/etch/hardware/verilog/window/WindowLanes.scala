// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.window

import dev.etch.hardware.Program.Lane
import dev.etch.hardware.WindowUnit
import dev.etch.hardware.verilog.{Columns, Rom}
import spinal.core._

import scala.jdk.CollectionConverters._

/** Memory ports and lanes. For a step whose slot is in cycle t: the address is looked up in t + 1 and
  * added to the base in t + 2, the beat is there in t + 3, the element and its weight in t + 4, the
  * product in t + 5, and the new accumulator or holding register in t + 6.
  */
final class WindowLanes(
    unit: WindowUnit,
    writer: WindowWriter,
    sequencer: WindowSequencer,
    columns: Columns
) extends Area {
  private val element = unit.input.`type`.element
  private val addressBits = WindowWriter.addressBits(unit.buffer)
  private val operandBits = element.bits + (if (element.signed) 0 else 1)

  /** Bits of accumulators and holding registers, as signed numbers. */
  val valueBits: Int = unit.accumulator.bits + (if (unit.accumulator.signed) 0 else 1)

  private val base = RegNext(sequencer.base)
  private val lanes = Sharing.lanes(unit.program)

  /** Whether a step was run 5 cycles ago. */
  val running = Delay(sequencer.running, 5, "running")

  private val operands = Sharing
    .ports(unit.program)
    .zipWithIndex
    .flatMap { case (port, number) => read(port, s"port$number") }
    .toMap

  /** The holding registers, 6 cycles after the slot. */
  val holding: Seq[SInt] = lanes.zipWithIndex.map { case (lane, number) =>
    accumulate(lane, s"lane$number", operands(number))
  }

  /** The operand of each of the port's lanes, 4 cycles after the slot. */
  private def read(port: Port, name: String): Seq[(Int, SInt)] = {
    val stored = port.elements
    val memory = Mem(Bits(stored.size * element.bits bits), math.max(2, unit.buffer.depth))
      .setName(name + "_memory")
    memory.write(
      writer.write_address,
      if (stored.size == unit.input.`type`.elements) writer.write_data
      else Cat(stored.map(e => slice(writer.write_data, e))),
      writer.write_valid
    )
    val entries = Feed.filled(port.addresses).map(a => BigInt(a % unit.buffer.depth))
    val offset = columns(name + "_address", entries, addressBits, 1).asUInt
    val address =
      if (unit.buffer.depth == 1) U(0, 1 bits)
      else RegNext(base + offset).setName(name + "_read")
    val beat = memory.readSync(address).setName(name + "_beat")
    port.feeds.zipWithIndex.flatMap { case (feed, number) =>
      // A feed that only idles names no stored element; any will do.
      val places = feed.elements.map(e => math.max(0, stored.indexOf(e)))
      val operand = select(beat, places, stored.size, s"${name}_feed$number")
      feed.lanes.map(_ -> operand)
    }
  }

  private def select(beat: Bits, places: Seq[Int], count: Int, name: String): SInt = {
    val chosen =
      if (places.distinct.size == 1) slice(beat, places.head)
      else {
        val place = columns(name + "_element", places.map(BigInt(_)), log2Up(count), 3).asUInt
        Vec((0 until count).map(slice(beat, _)))(place)
      }
    val number = if (element.signed) chosen.asSInt else (False ## chosen).asSInt
    RegNext(number).setName(name)
  }

  private def slice(beat: Bits, place: Int): Bits =
    beat(place * element.bits, element.bits bits)

  private def accumulate(lane: Lane, name: String, operand: SInt): SInt = {
    val steps = lane.steps.asScala.toSeq
    val active = running && flag(s"${name}_active", steps.map(!_.isIdle))
    val last = flag(s"${name}_last", steps.map(_.last))
    val term = RegNext(product(steps.map(_.weight), name, operand)).setName(name + "_term")
    val value = term.resize(valueBits bits)
    val total =
      if (steps.forall(step => step.isIdle || step.last)) value
      else sum(name, value, active, last)
    RegNextWhen(total, active && last).setName(name + "_holding")
  }

  private def product(weights: Seq[Int], name: String, operand: SInt): SInt =
    if (unit.operation != WindowUnit.Operation.MULTIPLY_ACCUMULATE) operand
    else {
      val width = Rom.signedBits(weights.min, weights.max)
      operand * columns(s"${name}_weight", weights.map(BigInt(_)), width, 4).asSInt
    }

  private def sum(name: String, value: SInt, active: Bool, last: Bool): SInt = {
    val first = RegNextWhen(last, active).init(True).setName(name + "_first")
    val accumulator = Reg(SInt(valueBits bits)).setName(name + "_accumulator")
    val total = first ? value | Combine(unit, accumulator, value)
    when(active)(accumulator := total)
    total
  }

  private def flag(name: String, values: Seq[Boolean]): Bool =
    columns(name, values.map(v => BigInt(if (v) 1 else 0)), 1, 5).lsb
}

/** How parts of an output come together. */
object Combine {

  /** Sum, or the larger. */
  def apply(unit: WindowUnit, left: SInt, right: SInt): SInt =
    if (unit.operation == WindowUnit.Operation.MAXIMUM) (left > right) ? left | right
    else left + right
}

/** Chains of registers. */
object Delay {

  /** A condition some cycles later; false at first. */
  def apply(value: Bool, cycles: Int, name: String): Bool =
    (1 to cycles).foldLeft(value)((v, i) => RegNext(v).init(False).setName(s"${name}_late$i"))

  /** Data some cycles later. */
  def data[T <: Data](value: T, cycles: Int, name: String): T =
    (1 to cycles).foldLeft(value)((v, i) => RegNext(v).setName(s"${name}_late$i"))
}
