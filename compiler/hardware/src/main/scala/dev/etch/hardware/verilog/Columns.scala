// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog

import spinal.core._

import scala.collection.mutable

/** Columns of a static schedule: read-only memories that are addressed by the slot of the sequencer.
  *
  * A column is read early enough for its entry of the slot in cycle t to stand at the output register
  * in cycle t + stage. All columns of a stage are fields of one wide memory: synthesizers fill a block
  * memory with the fields of one memory, but do not put several memories into a block. Equal columns of a
  * stage are one field, and a column with equal entries needs none.
  *
  * @param slot
  *   the sequencer's slot counter in cycle t
  * @param slots
  *   how many slots there are
  */
final class Columns(slot: UInt, slots: Int) {
  private val delayed = mutable.ArrayBuffer(slot)
  private val stages = mutable.SortedMap[Int, WideRom]()

  /** The entry of the slot that was current `stage` cycles ago; stage is at least 1. */
  def apply(name: String, entries: Seq[BigInt], width: Int, stage: Int): Bits = {
    require(entries.size == slots && stage >= 1)
    stages.getOrElseUpdate(stage, new WideRom(s"schedule$stage", slots)).field(name, entries, width)
  }

  /** Makes the memories; call it once, behind the last column. */
  def build(): scala.Unit =
    for ((stage, memory) <- stages) memory.build(slotAt(stage - 1), None)

  private def slotAt(stage: Int): UInt = {
    while (delayed.size <= stage) {
      delayed += RegNext(delayed.last).setName("slot_" + delayed.size)
    }
    delayed(stage)
  }
}

/** A read-only memory whose words consist of fields, which are asked for one by one. */
final class WideRom(name: String, words: Int) {
  private case class Field(data: Bits, entries: IndexedSeq[BigInt])
  private val fields = mutable.ArrayBuffer[Field]()
  private val known = mutable.Map[(Seq[BigInt], Int), Bits]()

  /** The field, at the memory's output register. Equal fields are one, equal entries need none. */
  def field(name: String, entries: Seq[BigInt], width: Int): Bits = {
    require(entries.size == words)
    Rom.constant(entries, width).getOrElse(known.getOrElseUpdate((entries, width), add(name, entries, width)))
  }

  private def add(name: String, entries: Seq[BigInt], width: Int): Bits = {
    val data = Bits(width bits).setName(name + "_data")
    // Indexed: a list would be walked once for each word of a long schedule.
    fields += Field(data, entries.iterator.map(Rom.wrap(_, width)).toIndexedSeq)
    data
  }

  /** Puts a number in from bit `start` on; the last byte has the lowest bits. */
  private def put(value: BigInt, start: Int, bits: Array[Byte]): scala.Unit = {
    val shifted = (value << (start % 8)).toByteArray
    for (i <- shifted.indices) {
      val place = bits.length - 1 - start / 8 - i
      if (place >= 0) bits(place) = (bits(place) | shifted(shifted.length - 1 - i)).toByte
    }
  }

  /** Makes the memory, if anything is in it, and connects the fields.
    *
    * @param enable
    *   whether the output register takes a new word; always if there is none
    */
  def build(address: UInt, enable: Option[Bool]): scala.Unit = if (fields.nonEmpty) {
    val starts = fields.scanLeft(0)(_ + _.data.getWidth)
    val entries = (0 until words).map { word =>
      val bits = new Array[Byte]((starts.last + 7) / 8 + 1)
      for ((field, start) <- fields.zip(starts)) put(field.entries(word), start, bits)
      BigInt(bits)
    }
    val memory = Rom.memory(name, entries, starts.last)
    val word = (enable match {
      case Some(moves) => memory.readSync(address, moves)
      case None        => memory.readSync(address)
    }).setName(name + "_word")
    for ((field, start) <- fields.zip(starts)) {
      field.data := word(start, field.data.getWidth bits)
    }
  }
}

/** Read-only memories with their contents in the Verilog. */
object Rom {

  /** The value if all entries are equal. */
  def constant(entries: Seq[BigInt], width: Int): Option[Bits] =
    if (entries.forall(_ == entries.head)) Some(B(wrap(entries.head, width), width bits)) else None

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
