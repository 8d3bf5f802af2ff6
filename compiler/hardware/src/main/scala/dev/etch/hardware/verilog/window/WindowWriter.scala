// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.window

import dev.etch.hardware.PipelineStages.WRITTEN
import dev.etch.hardware.{StreamType, WindowBuffer}
import dev.etch.hardware.verilog.{Delay, Position, Rom}
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

  val walk = new Position(buffer.beatsPerPixel, buffer.paddedWidth, buffer.paddedHeight)
  val padding = outside(walk.row.at, buffer.padTop, buffer.height, buffer.paddedHeight) ||
    outside(walk.column.at, buffer.padLeft, buffer.width, buffer.paddedWidth)

  val space = occupied < buffer.depth
  val begins = walk.beat.at === 0 && walk.column.at === 0 && walk.row.at === 0
  val writing = space && (input.valid || (padding && !begins))
  input.ready := space && !padding
  walk.advance(writing)

  private val width = occupied.getWidth
  occupied := occupied - (U(0, 1 bits) @@ released_late).asSInt.resize(width bits) +
    (False ## writing).asSInt.resize(width bits)

  val pointer = Reg(UInt(addressBits bits)).init(0)
  if (buffer.depth > 1) when(writing)(pointer := pointer + 1)

  private val padElement = B(Rom.wrap(buffer.padValue, beatType.element.bits), beatType.element.bits bits)
  private val padBeat = Seq.fill(beatType.elements)(padElement).reduce(_ ## _)

  // The memories are written later than the pointer says: by then the last step of the released
  // pixel, which may read the same place, has been read. No step reads a beat that early.
  private val beat = if (padded) padding ? padBeat | input.payload else input.payload
  val write_valid = Delay(writing, WRITTEN, "writing")
  val write_address = Delay.data(pointer, WRITTEN, "pointer")
  val write_data = Delay.data(beat, WRITTEN, "written")

  private def padded =
    buffer.paddedHeight > buffer.height || buffer.paddedWidth > buffer.width

  private def outside(at: UInt, before: Int, inside: Int, all: Int): Bool = {
    val early = if (before > 0) at < before else False
    val late = if (before + inside < all) at >= before + inside else False
    early || late
  }
}

object WindowWriter {

  /** Bits of an address of the circular memory. */
  def addressBits(buffer: WindowBuffer): Int = math.max(1, log2Up(buffer.depth))
}
