// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.window

import dev.etch.hardware.PipelineStages.WRITTEN
import dev.etch.hardware.{StreamType, WindowBuffer}
import dev.etch.hardware.verilog.{Count, Delay, Rom}
import spinal.core._
import spinal.lib.{Stream => BeatStream}

/** Walks the padded frame in raster order and fills the circular memory, a beat a cycle.
  *
  * @param released
  *   beats of the pixel that is released in this cycle, 0 if none
  * @param farthest
  *   most beats that a pixel releases
  */
final class WindowWriter(
    buffer: WindowBuffer,
    beatType: StreamType,
    input: BeatStream[Bits],
    released: UInt,
    farthest: Int
) extends Area {
  private val addressBits = WindowWriter.addressBits(buffer)

  private val freeBits = log2Up(buffer.depth + farthest + 1)

  /** Words that are free; more than there are while a pixel has released beats that its window still lacks. */
  val free = Reg(UInt(freeBits bits)).init(buffer.depth)
  val released_late = RegNext(released).init(0)

  /** Whether a word is free: a register that looks a cycle ahead. */
  val space = Reg(Bool()).init(True)
  private val padded = buffer.paddedHeight > buffer.height || buffer.paddedWidth > buffer.width
  private val padder = if (padded) Some(new WindowPadding(buffer)) else None
  val writing = space && padder.fold(input.valid)(input.valid || _.mayPad)
  input.ready := padder.fold(space)(space && !_.padding)
  padder.foreach(_.advance(writing))

  free := free + released_late - U(writing).resize(freeBits bits)
  space := released_late =/= 0 || free > 1 || (free.lsb && !writing)

  val pointer = Reg(UInt(addressBits bits)).init(0)
  private val dealer = if (buffer.banks.areSeveral) Some(new BankDealer(buffer, writing)) else None
  if (buffer.words > 1) when(writing)(pointer := dealer.fold(pointer + 1)(_.after(pointer)))

  private val padElement = B(Rom.wrap(buffer.padValue, beatType.element.bits), beatType.element.bits bits)
  private val padBeat = Seq.fill(beatType.elements)(padElement).reduce(_ ## _)

  // The memories are written later than the pointer says: by then the last step of the released
  // pixel, which may read the same place, has been read. No step reads a beat that early.
  private val beat = padder.fold(input.payload)(_.padding ? padBeat | input.payload)
  val write_valid = Delay(writing, WRITTEN, "writing")

  /** The bank that is written, if there are several. */
  val write_bank: Option[UInt] = dealer.map(d => Delay.data(d.bank, WRITTEN, "bank"))
  val write_address = Delay.data(pointer, WRITTEN, "pointer")
  val write_data = Delay.data(beat, WRITTEN, "written")
}

object WindowWriter {

  /** Bits of an address of the circular memory. */
  def addressBits(buffer: WindowBuffer): Int = math.max(1, log2Up(buffer.words))
}

/** Deals the beats of a row to the banks of a buffer, see [[WindowBuffer.Banks]].
  *
  * @param writing
  *   whether a beat is dealt in this cycle
  */
final class BankDealer(buffer: WindowBuffer, writing: Bool) extends Area {
  private val banks = buffer.banks
  private val row = new Count(buffer.rowBeats)
  row.advance(writing)
  private val ends = row.last.setName("row_ends")

  val bank: UInt = Reg(UInt(log2Up(banks.count) bits)).init(0).setName("bank")
  private val ofBank = Reg(UInt(math.max(1, log2Up(banks.beats)) bits)).init(0).setName("beat_of_bank")
  private val filled = (if (banks.beats == 1) True else ofBank === banks.beats - 1).setName("bank_filled")
  when(writing) {
    if (banks.beats > 1) ofBank := (ends || filled) ? U(0, ofBank.getWidth bits) | ofBank + 1
    when(filled)(bank := bank + 1)
    when(ends)(bank := 0)
  }

  /** The word behind that at `pointer`: of the same bank, of the next, or of the next round. */
  def after(pointer: UInt): UInt = {
    def by(words: Int) = U(words & ((1 << pointer.getWidth) - 1), pointer.getWidth bits)
    val rest = banks.beats - 1 - (buffer.rowBeats - 1) % banks.beats
    val back = filled && bank =/= banks.count - 1
    pointer + (ends ? by(1 + rest) | (back ? by(1 - banks.beats) | by(1)))
  }
}
