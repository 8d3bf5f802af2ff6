// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.matrix

import dev.etch.hardware.MatrixNetlist._
import dev.etch.hardware.{MatrixNetlist, MatrixUnit}
import dev.etch.hardware.verilog.window.Combine
import dev.etch.hardware.verilog.{Delay, Elements}
import spinal.core._

/** A lane of a [[MatrixUnit]].
  *
  * @param place
  *   the row that is read for an output, at the end of stage 1 of the reader
  */
final class MatrixLane(
    unit: MatrixUnit,
    netlist: MatrixNetlist,
    number: Int,
    sequencer: MatrixSequencer,
    feed: MatrixFeed,
    words: MatrixWords,
    place: UInt
) extends Area {
  private val prefix = s"lane$number"
  private val element = unit.input.`type`.element
  private val sumBits = unit.output.`type`.element.bits
  private val rowBits = netlist.rowBits
  private val reader = sequencer.reader
  private val ran = Delay.chain(sequencer.advancing, OPERAND, prefix + "_ran")

  private val position = Reg(UInt(netlist.positionBits bits)).init(0).setName(prefix + "_position")
  when(ran(DISTANCE))(position := position + words.distance)
  when(sequencer.beginning)(position := 0)

  private val elements = Mem(Bits(unit.input.`type`.bits bits), netlist.elementWords).setName(prefix + "_elements")
  private val elementBits = log2Up(netlist.elementWords)
  private val whichBits = log2Up(unit.beatElements)
  private val fed = Reg(UInt(elementBits bits)).init(0).setName(prefix + "_fed")
  when(feed.valid)(fed := fed + 1)
  when(sequencer.beginning)(fed := 0)
  elements.write(fed, feed.element, feed.valid)
  private val element_place = position(rowBits + whichBits, elementBits bits).setName(prefix + "_element_place")
  private val word = elements.readSync(element_place).setName(prefix + "_element")
  private val weight = words.weight

  private val operand = RegNext(chosen).setName(prefix + "_operand")
  private val factor = RegNext(weight).setName(prefix + "_factor")
  private val counts = Delay.chain(active.setName(prefix + "_active"), TOTAL - OPERAND, prefix + "_counts")
  private val row =
    if (rowBits == 0) null
    else new Delay(position(rowBits - 1 downto 0), TOTAL - POSITION, prefix + "_row", isReset = false)
  private def rowAt(stage: Int): UInt = if (rowBits == 0) U(0, 1 bits) else row(stage - POSITION)

  // Rows are numbered in the order of their first products.
  private val begun = Reg(UInt(rowBits + 1 bits)).init(0).setName(prefix + "_begun")
  private val begins =
    (counts(FACTOR - OPERAND) && begun === rowAt(FACTOR).resize(rowBits + 1 bits)).setName(prefix + "_begins")
  when(begins)(begun := begun + 1)
  when(sequencer.beginning)(begun := 0)
  private val first = Delay(begins, PRODUCT - FACTOR, prefix + "_first")

  private val product =
    Delay.data((operand * factor).setName(prefix + "_multiplied"), PRODUCT - FACTOR, prefix + "_product")
  private val total = Reg(SInt(sumBits bits)).setName(prefix + "_total")
  private val sums = sequencer.adds_to.fold[Sums](new OneMemory)(new TwoMemories(_))

  // The last three sums are not in the memory yet when it is read.
  private val written = RegNext(total).setName(prefix + "_written")
  private val near = same(FACTOR, PRODUCT, "near")
  private val far = same(FACTOR, TOTAL, "far")
  private val latest = (near ? total | (far ? written | sums.stored)).setName(prefix + "_latest")

  /** The sum that was read, at the end of the reader's stage before the last. */
  val read: SInt = sums.read(latest)

  private val before = (same(PRODUCT - 1, PRODUCT, "next") ? total | sums.before(latest, read)).setName(prefix + "_before")
  total := product.resize(sumBits bits) + Combine.unless(first, before)

  /** Whether the step of [[OPERAND]] adds to a row. */
  private def active: Bool = if (unit.program.rotation.isPresent) ran(OPERAND) else ran(OPERAND) && weight =/= 0

  /** The element of the beat that was read, in the cycle that carries it to the multiplier. */
  private def chosen: SInt = {
    val all = (0 until unit.beatElements).map(Elements.signed(word, _, element))
    if (all.size == 1) all.head
    else {
      val which = RegNext(position(rowBits, whichBits bits)).setName(prefix + "_which")
      Vec(all)(which).setName(prefix + "_chosen")
    }
  }

  /** The memory of sums, or the two. */
  private trait Sums {

    /** The sum of the row of [[FACTOR]], a cycle later. */
    def stored: SInt

    /** The latest sum of that row, another cycle later; `read` is what the reader has then. */
    def before(latest: SInt, read: SInt): SInt

    /** The sum of the output, at the end of the reader's stage before the last. */
    def read(latest: SInt): SInt

    protected def memory(name: String): Mem[Bits] =
      Mem(Bits(sumBits bits), netlist.sumWords).setName(name).addAttribute("no_rw_check")
  }

  /** Steps and outputs in turn. */
  private final class OneMemory extends Sums {
    private val sums = memory(prefix + "_sums")
    private val at = (sequencer.outputs ? place | rowAt(FACTOR)).setName(prefix + "_at")
    private def moves(stage: Int): Bool = !sequencer.outputs || reader.moves(stage)
    private val reads = moves(MatrixHardware.READ - 1).setName(prefix + "_reads")
    override val stored: SInt = sums.readSync(at, reads).setName(prefix + "_stored").asSInt
    sums.write(rowAt(TOTAL), total.asBits, counts(TOTAL - OPERAND))
    override def read(latest: SInt): SInt = RegNextWhen(latest, moves(MatrixHardware.READ)).setName(prefix + "_sum")
    override def before(latest: SInt, read: SInt): SInt = read
  }

  /** One is added to while outputs are read from the other.
    *
    * @param adds_to
    *   which
    */
  private final class TwoMemories(adds_to: Bool) extends Sums {
    private val both = Seq(False, True).zipWithIndex.map { case (number, i) =>
      val sums = memory(s"${prefix}_sums$i")
      val adds = (adds_to === number).setName(s"${prefix}_adds$i")
      val at = (adds ? rowAt(FACTOR) | place).setName(s"${prefix}_at$i")
      sums.write(rowAt(TOTAL), total.asBits, counts(TOTAL - OPERAND) && adds)
      val reads = (adds || reader.moves(MatrixHardware.READ - 1)).setName(s"${prefix}_reads$i")
      sums.readSync(at, reads).setName(s"${prefix}_stored$i")
    }
    private val added = RegNext(adds_to).setName(prefix + "_added")
    override val stored: SInt = (added ? both(1) | both(0)).setName(prefix + "_stored").asSInt
    override def before(latest: SInt, read: SInt): SInt = RegNext(latest).setName(prefix + "_so_far")
    override def read(latest: SInt): SInt =
      RegNextWhen((added ? both(0) | both(1)).setName(prefix + "_left"), reader.moves(MatrixHardware.READ)).setName(prefix + "_sum").asSInt
  }

  /** Whether what was in both stages in the cycle before has the same row. */
  private def same(one: Int, other: Int, what: String): Bool =
    RegNext(counts(one - OPERAND) && counts(other - OPERAND) && rowAt(one) === rowAt(other))
      .init(False)
      .setName(s"${prefix}_$what")
}
