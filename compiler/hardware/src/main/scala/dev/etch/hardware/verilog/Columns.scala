// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog

import spinal.core._

import scala.collection.mutable

/** Columns of a static schedule: read-only memories that are addressed by the slot of the sequencer.
  *
  * A column is read early enough for its entry of the slot in cycle t to stand at the output register
  * in cycle t + stage. Equal columns with equal stages share one memory, and a column with equal
  * entries needs none.
  *
  * @param slot
  *   the sequencer's slot counter in cycle t
  * @param slots
  *   how many slots there are
  */
final class Columns(slot: UInt, slots: Int) {
  private val delayed = mutable.ArrayBuffer(slot)
  private val memories = mutable.Map[(Seq[BigInt], Int, Int), Bits]()

  /** The entry of the slot that was current `stage` cycles ago; stage is at least 1. */
  def apply(name: String, entries: Seq[BigInt], width: Int, stage: Int): Bits = {
    require(entries.size == slots && stage >= 1)
    memories.getOrElseUpdate((entries, width, stage), read(name, entries, width, stage))
  }

  private def read(name: String, entries: Seq[BigInt], width: Int, stage: Int): Bits =
    Rom.constant(entries, width).getOrElse {
      val memory = Rom.memory(name, entries, width)
      memory.readSync(slotAt(stage - 1)).setName(name + "_data")
    }

  private def slotAt(stage: Int): UInt = {
    while (delayed.size <= stage) {
      delayed += RegNext(delayed.last).setName("slot_" + delayed.size)
    }
    delayed(stage)
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
