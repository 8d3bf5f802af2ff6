// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.window

import dev.etch.hardware.PipelineStages.WRITTEN
import dev.etch.hardware.{StreamType, WindowBuffer}
import dev.etch.hardware.verilog.{Delay, Rom}
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

  val occupied = Reg(SInt(Rom.signedBits(-farthest, buffer.depth) bits)).init(0)
  val released_late = RegNext(released).init(0)

  val space = occupied < buffer.depth
  private val padded = buffer.paddedHeight > buffer.height || buffer.paddedWidth > buffer.width
  private val padder = if (padded) Some(new WindowPadding(buffer)) else None
  val writing = space && padder.fold(input.valid)(input.valid || _.mayPad)
  input.ready := padder.fold(space)(space && !_.padding)
  padder.foreach(_.advance(writing))

  private val width = occupied.getWidth
  occupied := occupied - (U(0, 1 bits) @@ released_late).asSInt.resize(width bits) +
    (False ## writing).asSInt.resize(width bits)

  val pointer = Reg(UInt(addressBits bits)).init(0)
  if (buffer.depth > 1) when(writing)(pointer := pointer + 1)

  private val padElement = B(Rom.wrap(buffer.padValue, beatType.element.bits), beatType.element.bits bits)
  private val padBeat = Seq.fill(beatType.elements)(padElement).reduce(_ ## _)

  // The memories are written later than the pointer says: by then the last step of the released
  // pixel, which may read the same place, has been read. No step reads a beat that early.
  private val beat = padder.fold(input.payload)(_.padding ? padBeat | input.payload)
  val write_valid = Delay(writing, WRITTEN, "writing")
  val write_address = Delay.data(pointer, WRITTEN, "pointer")
  val write_data = Delay.data(beat, WRITTEN, "written")
}

object WindowWriter {

  /** Bits of an address of the circular memory. */
  def addressBits(buffer: WindowBuffer): Int = math.max(1, log2Up(buffer.depth))
}
