// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog

import dev.etch.hardware.{ScheduleColumns, ScheduleWord}
import dev.etch.hardware.ScheduleColumns.Column
import spinal.core._

import scala.collection.mutable
import scala.jdk.CollectionConverters._

/** The memories of a static schedule, see [[ScheduleColumns]]: they are addressed by the slot of the sequencer.
  *
  * A column is read early enough for its entry of the slot in cycle t to stand at the output register
  * in cycle t + stage. If the memory may be a block, its word has one more register behind it; if it is in banks, the
  * choice among their words has another.
  *
  * @param slot
  *   the sequencer's slot counter in cycle t
  * @param nextSlot
  *   the same in cycle t + 1
  * @param memories
  *   makes the memories
  * @param outside
  *   makes the fields that come from a memory outside, each when it is needed
  */
final class Columns(
    columns: ScheduleColumns,
    slot: UInt,
    nextSlot: UInt,
    memories: WordMemories,
    outside: Column => Bits = column => throw new IllegalArgumentException(s"nobody brings ${column.name}")
) {
  // What is read in place of the sequencer's slot.
  private val others = mutable.Map[Int, UInt => UInt]()
  private val data = mutable.Map[String, Bits]()

  /** The entry of the slot that was current as many cycles ago as the column's stage says. */
  def apply(name: String): Bits = {
    val column = columns.get(name)
    if (column.isConstant) Rom.constant(column.entries.head, column.width)
    else
      data.getOrElseUpdate(
        column.name,
        Bits(column.width bits).setName(column.name + "_data")
      )
  }

  /** An entry of one bit. */
  def flag(name: String): Bool = if (isConstant(name)) Bool(first(name) == 1) else apply(name).lsb

  /** When the first memory of a stage is read, in cycles after the slot; one of a stage without any would be read in the
    * cycle before.
    */
  def reads(stage: Int): Int =
    columns.words.asScala.filter(_.stage == stage).map(_.readStage).minOption.getOrElse(stage - 1)

  /** Whether the entry is always the same. */
  def isConstant(name: String): Boolean = columns.get(name).isConstant

  /** The first entry. */
  def first(name: String): Int = columns.get(name).entries.head.toInt

  /** Has the memory of a stage read at another slot than the sequencer's.
    *
    * @param choose
    *   the other for the sequencer's, both in the cycle before the first memory of the stage is read
    */
  def redirect(stage: Int)(choose: UInt => UInt): scala.Unit = others(stage) = choose

  /** Makes the memories; call it once, behind the last column. */
  def build(): scala.Unit = {
    for (field <- columns.outside.asScala) data(field.name) := outside(field)
    val words = columns.words.asScala.toSeq
    val earliest = words.map(word => word.readStage - (if (others.contains(word.stage)) 1 else 0))
    val slots = new Delay(slot, (0 +: earliest).max, "slot", isReset = Shifting.isKeptApart)
    def slotAt(ago: Int) = if (ago < 0) nextSlot else slots(ago)
    val redirected = mutable.Map[Int, UInt]()
    for (memory <- words) {
      val fields = memory.fields.asScala.toIndexedSeq
      val starts = fields.scanLeft(0)(_ + _.width)
      val ago = memory.readStage
      val slot = others.get(memory.stage).fold(slotAt(ago)) { choose =>
        val first = redirected.getOrElseUpdate(memory.stage, RegNext(choose(slotAt(reads(memory.stage) - 1))))
        if (first.isUnnamed) first.setName(ScheduleColumns.memoryName(memory.stage) + "_slot")
        Delay.data(first, ago - reads(memory.stage), memory.name + "_slot")
      }
      if (slot.isUnnamed) slot.setName(memory.name + "_slot")
      val word = read(memory, slot, entries(memory, fields, starts)).setName(memory.name + "_word")
      for ((field, start) <- fields.zip(starts)) data(field.name) := word(start, field.width bits)
    }
  }

  /** The memory's word at that slot, behind all its registers. */
  private def read(memory: ScheduleWord, slot: UInt, entries: IndexedSeq[BigInt]): Bits = {
    val banks = memory.banks
    if (banks.isChoice) {
      val bank = Delay.data(slot(slot.high downto log2Up(banks.depth)), 2, memory.name + "_bank")
        .setName(memory.name + "_bank_of_word")
      val words = entries.grouped(banks.depth).toIndexedSeq.zipWithIndex.map { case (part, number) =>
        val name = memory.bankName(number)
        val place = slot(math.max(0, log2Up(part.size) - 1) downto 0)
        RegNext(memories.memory(name, part, memory.width, memory.isLoaded).readSync(place).setName(name + "_read")).setName(name + "_word")
      }
      RegNext(Multiplexer.tree(words, bank, memory.name + "_chosen"))
    } else {
      val word = memories.memory(memory.name, entries, memory.width, memory.isLoaded).readSync(slot)
      if (memory.isBlock) RegNext(word.setName(memory.name + "_read")) else word
    }
  }

  private def entries(
      memory: ScheduleWord,
      fields: IndexedSeq[Column],
      starts: IndexedSeq[Int]
  ): IndexedSeq[BigInt] =
    (0 until memory.slots).map(_.min(columns.slots - 1)).map { slot =>
      val bits = new Array[Byte]((starts.last + 7) / 8 + 1)
      for ((field, start) <- fields.zip(starts)) put(Rom.wrap(field.entries()(slot), field.width), start, bits)
      BigInt(bits)
    }

  /** Puts a number in from bit `start` on; the last byte has the lowest bits. */
  private def put(value: BigInt, start: Int, bits: Array[Byte]): scala.Unit = {
    val shifted = (value << (start % 8)).toByteArray
    for (i <- shifted.indices) {
      val place = bits.length - 1 - start / 8 - i
      if (place >= 0) bits(place) = (bits(place) | shifted(shifted.length - 1 - i)).toByte
    }
  }
}

/** Read-only memories with their contents in the Verilog. */
object Rom {

  /** The value of all entries. */
  def constant(entry: BigInt, width: Int): Bits = B(wrap(entry, width), width bits)

  /** A memory of unsigned words; negative entries are stored in two's complement. */
  def memory(name: String, entries: Seq[BigInt], width: Int): Mem[Bits] =
    Mem(Bits(width bits), entries.size)
      .initBigInt(entries.map(wrap(_, width)))
      .setName(name + "_rom")

  /** The low `width` bits. */
  def wrap(value: BigInt, width: Int): BigInt = value & ((BigInt(1) << width) - 1)

  /** Bits of a two's-complement number that holds both ends. */
  def signedBits(low: BigInt, high: BigInt): Int = math.max(low.bitLength, high.bitLength) + 1
}
