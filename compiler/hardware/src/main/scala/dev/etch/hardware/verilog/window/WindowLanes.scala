// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.window

import dev.etch.hardware.LaneSharing.Port
import dev.etch.hardware.Program.Lane
import dev.etch.hardware.WindowNetlist.Multiplier
import dev.etch.hardware.WindowPorts.BankedPorts
import dev.etch.hardware.PipelineStages._
import dev.etch.hardware.memory.Memory
import dev.etch.hardware.{Packing, WindowNetlist, WindowUnit}
import dev.etch.hardware.verilog.emit.Section
import dev.etch.hardware.verilog.{ArrayProduct, Columns, Delay, Elements, Shifting}
import spinal.core._

import scala.jdk.CollectionConverters._

/** Memory ports and lanes. Between the stages of [[PipelineStages]] there is one thing each: a memory is
  * read, an element chosen, a product made, a product added.
  */
final class WindowLanes(
    unit: WindowUnit,
    netlist: WindowNetlist,
    writer: WindowWriter,
    sequencer: WindowSequencer,
    columns: Columns,
    array: Option[ArrayPort]
) extends Area {
  private val element = unit.input.`type`.element
  private val dots = unit.operation == WindowUnit.Operation.DOT

  /** Bits of accumulators and holding registers, as signed numbers. */
  val valueBits: Int = WindowLanes.valueBits(unit)

  private val base_of_pixel = new Delay(sequencer.base, ADDRESS, "base", isReset = false)
  private val base = base_of_pixel(ADDRESS)

  // Further on, for ports that share a column of addresses.
  private val further: Map[Int, UInt] = netlist.ports.distances.asScala.map(_.intValue).filter(_ > 0).map { distance =>
    distance -> RegNext(base_of_pixel(ADDRESS - 1) + distance).setName(s"base_ahead$distance")
  }.toMap
  private val schedule = new Schedule(unit.program)

  /** Whether a step was run so many cycles ago. */
  val ran: Delay[Bool] = Delay.chain(sequencer.running, DRAIN, "running")

  private val fed: Seq[(Seq[Int], SInt)] = {
    def section(read: => Seq[(Seq[Int], SInt)]) =
      Section("Ports: copies of the window memory that read a beat a step, and the elements that lanes take of it.", read)
    val ports = netlist.ports.all.asScala.toSeq
    if (unit.buffer.banks.areSeveral) netlist.ports.bankedPorts.asScala.toSeq.flatMap(banked => section(read(ports, banked)))
    else ports.zipWithIndex.flatMap { case (port, number) => section(read(port, number)) }
  }

  private val terms: Map[Int, Term] =
    if (array.isEmpty) {
      val firsts = netlist.multipliers.asScala.map(multiplier => multiplier.lanes.get(0).intValue -> multiplier).toMap
      if (unit.packing.common == Packing.Common.WEIGHT) multiplyByCommonWeights()
      else fed.flatMap { case (feed, operand) => multiply(feed, operand, firsts) }.toMap
    } else Map()

  array.foreach(lend)

  /** The holding registers. */
  val holding: Seq[SInt] = schedule.lanes.zipWithIndex.map { case (lane, number) =>
    accumulate(lane, number)
  }

  /** The operand of each of the port's feeds; of a dot product the whole beat, a cycle earlier. */
  private def read(port: Port, number: Int): Seq[(Seq[Int], SInt)] = {
    val name = s"port$number"
    val stored = netlist.ports.stored(port).asScala.toSeq.map(_.intValue)
    val memory = written(name + "_memory", stored, writer.write_valid)
    val addresses = netlist.ports.addresses.get(number)
    val address =
      if (unit.buffer.words == 1) U(0, 1 bits)
      else RegNext(further.getOrElse(addresses.distance, base) + columns(addresses.column).asUInt).setName(name + "_read")
    val beat = beatAt(memory, address, name)
    if (dots) port.feeds.asScala.toSeq.map(_.lanes.asScala.toSeq.map(_.intValue) -> beat.asSInt)
    else port.feeds.asScala.toSeq.zipWithIndex.map { case (feed, number) =>
      val operand = select(beat, stored.size, s"${name}_feed$number")
      (feed.lanes.asScala.toSeq.map(_.intValue), operand)
    }
  }

  /** The operands of the feeds of ports that read banks: each bank has a beat for one of the ports, and each port takes
    * its own.
    */
  private def read(ports: Seq[Port], banked: BankedPorts): Seq[(Seq[Int], SInt)] = {
    val name = s"port${banked.first}"
    val count = unit.buffer.banks.count
    val port = ports(banked.first)
    val stored = netlist.ports.stored(port).asScala.toSeq.map(_.intValue)
    val bank = columns(banked.bank).asUInt
    val ahead = further(unit.buffer.banks.beats)
    val beats = (0 until count).map { number =>
      val of = s"${name}_bank$number"
      val memory =
        written(netlist.ports.memoryName(banked.first + number), stored, writer.write_valid && writer.write_bank.get === number)
      // What comes behind the last bank is in the next round.
      val wraps = bank > number
      val address = (if (number == count - 1) base else wraps ? ahead | base) + columns(banked.address).asUInt
      beatAt(memory, RegNext(address).setName(of + "_read"), of)
    }
    val first = if (columns.isConstant(banked.bank)) bank else Delay.data(bank, BEAT - ADDRESS, name + "_first_bank")
    val operands = port.feeds.asScala.indices.map { feed =>
      val elements = beats.zipWithIndex.map { case (beat, number) =>
        choose(beat, stored.size, s"${name}_feed${feed}_element", s"${name}_bank${number}_feed${feed}_chosen")
      }
      (0 until count).map { copy =>
        operand(Vec((0 until count).map(i => elements((i + copy) % count)))(first), s"port${banked.first + copy}_feed$feed")
      }
    }
    (0 until count).flatMap { copy =>
      ports(banked.first + copy).feeds.asScala.toSeq.zip(operands).map { case (feed, ofCopies) =>
        (feed.lanes.asScala.toSeq.map(_.intValue), ofCopies(copy))
      }
    }
  }

  /** A memory that the writer fills with these elements of its beats. */
  private def written(name: String, stored: Seq[Int], valid: Bool): Mem[Bits] = {
    val memory = Mem(Bits(stored.size * element.bits bits), netlist.ports.bufferWords)
      .setName(name)
      // No read meets a write of the same place; without this, some families get a bypass for it.
      .addAttribute("no_rw_check")
    memory.write(
      writer.write_address,
      if (stored.size == unit.input.`type`.elements) writer.write_data
      else Cat(stored.map(e => slice(writer.write_data, e))),
      valid
    )
    memory
  }

  /** The beat at an address, in as many cycles whatever becomes of the memory. */
  private def beatAt(memory: Mem[Bits], address: UInt, name: String): Bits =
    if (Memory.isBlock(netlist.ports.bufferWords, memory.width))
      RegNext(memory.readSync(address).setName(name + "_word")).setName(name + "_beat")
    else memory.readSync(RegNext(address).setName(name + "_read_late")).setName(name + "_beat")

  private def select(beat: Bits, count: Int, name: String): SInt =
    operand(choose(beat, count, name + "_element", name + "_chosen"), name)

  private def choose(beat: Bits, count: Int, column: String, name: String): Bits =
    if (columns.isConstant(column)) slice(beat, columns.first(column))
    else Vec((0 until count).map(slice(beat, _)))(columns(column).asUInt).setName(name)

  private def operand(chosen: Bits, name: String): SInt = {
    val number = if (element.signed) chosen.asSInt else (False ## chosen).asSInt
    val register = RegNext(number).setName(name)
    if (unit.packing.products == 0) Shifting.keepApart(register) else register
  }

  private def slice(beat: Bits, place: Int): Bits =
    beat(place * element.bits, element.bits bits)

  /** The products of the lanes of one operand.
    *
    * @param multipliers
    *   by their first lane
    */
  private def multiply(feed: Seq[Int], operand: SInt, multipliers: Map[Int, Multiplier]): Seq[(Int, Term)] =
    if (dots) feed.map(lane => lane -> Term(dot(lane, operand), None))
    else if (unit.operation != WindowUnit.Operation.MULTIPLY_ACCUMULATE) {
      val late = Delay.data(operand, PRODUCT - OPERAND, s"lane${feed.head}_term")
      feed.map(lane => lane -> Term(late, None))
    } else if (unit.packing.products == 0) {
      feed.map(lane => lane -> Term(RegNext(sumOfRows(lane, operand)).setName(s"lane${lane}_term"), None))
    } else {
      val factor = RegNext(operand).setName(s"lane${feed.head}_operand")
      feed.flatMap(multipliers.get).flatMap(pack(_, factor))
    }

  private def dot(lane: Int, beat: SInt): SInt =
    RegNext(new DotProduct(unit, columns)(s"lane$lane", beat.asBits)).setName(s"lane${lane}_term")

  /** A product without a multiplier. */
  private def sumOfRows(lane: Int, operand: SInt): SInt = {
    val weight = factor(lane)
    ArrayProduct(operand, weight, s"lane$lane").setName(s"lane${lane}_product").resize(operand.getWidth + weight.getWidth bits)
  }

  /** What the lanes of a shared array multiply. */
  private def lend(port: ArrayPort): scala.Unit = {
    val lent = fed.flatMap { case (feed, operand) =>
      feed.map(lane => (lane, operand, factor(lane).resize(port.weightBits bits)))
    }.sortBy(_._1)
    port.selected := ran(OPERAND)
    port.operands := Elements.together(lent.map(_._2.asBits))
    port.weights := Elements.together(lent.map(_._3.asBits))
  }

  /** One multiplication for several lanes, see [[WindowNetlist.Multiplier]]. */
  private def pack(multiplier: Multiplier, operand: SInt): Seq[(Int, Term)] = {
    val share = multiplier.lanes.asScala.toSeq.map(_.intValue)
    val field = multiplier.fieldBits
    val stored = share.map(factor)
    val factors = stored.init.map(_.resize(field bits)) :+ stored.last
    val name = s"lane${share.mkString("_")}"
    val weight = RegNext(Cat(factors).asSInt).setName(name + "_factor")
    products(multiplier, RegNext(operand * weight).setName(name + "_term"))
  }

  private def multiplyByCommonWeights(): Map[Int, Term] = {
    val operands = fed.flatMap { case (feed, operand) => feed.map(_ -> operand) }.toMap
    netlist.multipliers.asScala.toSeq.flatMap(packElements(_, operands)).toMap
  }

  /** One multiplication for several lanes with the same weights: an element lends one to those below it if they are
    * negative.
    */
  private def packElements(multiplier: Multiplier, operands: Map[Int, SInt]): Seq[(Int, Term)] = {
    val share = multiplier.lanes.asScala.toSeq.map(_.intValue)
    val name = s"lane${share.mkString("_")}"
    val elements = share.tail.scanLeft(operands(share.head)) { (below, lane) =>
      if (element.signed) operands(lane) +^ below.msb.asSInt else operands(lane)
    }
    val fields = elements.init.map(_.resize(multiplier.fieldBits)) :+ elements.last
    val packed = RegNext(Cat(fields).asSInt).setName(name + "_operand")
    val weight = RegNext(factor(share.head)).setName(name + "_factor")
    products(multiplier, RegNext(packed * weight).setName(name + "_term"))
  }

  /** The fields of a product. */
  private def products(multiplier: Multiplier, product: SInt): Seq[(Int, Term)] = {
    val share = multiplier.lanes.asScala.toSeq.map(_.intValue)
    share.zipWithIndex.map { case (lane, i) =>
      val low = i * multiplier.fieldBits
      val high = if (i == share.size - 1) product.high else math.min(product.high, low + multiplier.fieldBits - 1)
      lane -> Term(product(high downto low), if (i == 0) None else Some(product(low - 1)))
    }
  }

  private def factor(lane: Int): SInt = columns(s"lane${lane}_weight").asSInt

  private def accumulate(lane: Lane, number: Int): SInt = {
    val name = s"lane$number"
    val steps = lane.steps.asScala.toSeq
    val active = RegNext(ran(OPERAND) && columns.flag(s"${name}_active")).init(False).setName(name + "_active")
    val last = RegNext(columns.flag(s"${name}_last")).setName(name + "_last")
    val counts = Delay(active, PRODUCT - FACTOR, name + "_active")
    val ends = Delay.data(last, PRODUCT - FACTOR, name + "_last")
    val total = array match {
      case Some(port) =>
        port.active(number) := active
        port.last(number) := last
        port.lane(port.totals, number)
      case None if !unit.program.loadsSchedule && steps.forall(step => step.isIdle || step.last) =>
        RegNext(terms(number).plus(S(0, valueBits bits), valueBits, name)).setName(name + "_accumulator")
      case None => sum(name, terms(number), counts, ends)
    }
    val held = RegNext(counts && ends).init(False).setName(name + "_ends")
    RegNextWhen(total, held).setName(name + "_holding")
  }

  /** The accumulator. */
  private def sum(name: String, term: Term, active: Bool, last: Bool): SInt = {
    val first = RegNextWhen(last, active).init(True).setName(name + "_first")
    val accumulator = Reg(SInt(valueBits bits)).setName(name + "_accumulator")
    val total =
      if (unit.operation == WindowUnit.Operation.MAXIMUM) {
        val value = term.value.resize(valueBits bits).setName(name + "_value")
        first ? value | Combine(unit, accumulator, value)
      } else term.plus(Combine.unless(first, accumulator), valueBits, name)
    when(active)(accumulator := total)
    accumulator
  }
}

object WindowLanes {

  /** Bits of an element as a signed number. */
  def operandBits(unit: WindowUnit): Int = {
    val element = unit.input.`type`.element
    element.bits + (if (element.signed) 0 else 1)
  }

  /** Bits of accumulators and holding registers, as signed numbers. */
  def valueBits(unit: WindowUnit): Int =
    unit.accumulator.bits + (if (unit.accumulator.signed) 0 else 1)
}

/** A product, as it stands in a register.
  *
  * @param value
  *   a field of the multiplication's result
  * @param borrowed
  *   whether the field has lent one to those below it, if there are any
  */
final case class Term(value: SInt, borrowed: Option[Bool]) {

  /** The product and another number. The borrow enters below the lowest bit, as a carry: so it takes no
    * adder of its own.
    */
  def plus(other: SInt, bits: Int, name: String): SInt = borrowed match {
    case None => value.resize(bits bits) + other
    case Some(one) =>
      val sum = (value.resize(bits bits) @@ one.asSInt) + (other @@ S(-1, 1 bits))
      sum.setName(name + "_with_carry")(bits downto 1)
  }
}

/** How parts of an output come together. */
object Combine {

  /** Sum, or the larger. */
  def apply(unit: WindowUnit, left: SInt, right: SInt): SInt =
    if (unit.operation == WindowUnit.Operation.MAXIMUM) (left > right) ? left | right
    else left + right

  /** Zero if the condition holds, else the number. In front of an adder this takes no logic of its own,
    * other than a choice behind it.
    */
  def unless(condition: Bool, number: SInt): SInt =
    number & S(number.getWidth bits, default -> !condition)
}
