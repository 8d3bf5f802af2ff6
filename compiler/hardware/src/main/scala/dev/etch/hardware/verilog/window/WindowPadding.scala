// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.window

import dev.etch.hardware.WindowBuffer
import dev.etch.hardware.verilog.{Count, Position}
import spinal.core._

/** Where in the padded frame the writer is. All it says comes from registers that look a beat ahead: what
  * the writer does is in front of the sequencer's decisions, in the same cycle.
  */
final class WindowPadding(buffer: WindowBuffer) extends Area {
  private val walk = new Position(buffer.beatsPerPixel, buffer.paddedWidth, buffer.paddedHeight).setCompositeName(this, "walk")
  private val row = new Outside(walk.row, buffer.padTop, buffer.height, buffer.paddedHeight)
  private val column = new Outside(walk.column, buffer.padLeft, buffer.width, buffer.paddedWidth)
  val begins = Reg(Bool()).init(True)

  /** Whether the next beat of the frame is padding. */
  val padding = row.outside || column.outside

  /** Whether it may be written: padding in front of a frame waits for the frame. */
  def mayPad: Bool = padding && !begins

  /** Moves to the next beat of the frame if told so. */
  def advance(writing: Bool): Unit = {
    walk.advance(writing)
    column.advance(writing && walk.beat.last)
    row.advance(writing && walk.beat.last && walk.column.last)
    when(writing)(begins := walk.beat.last && walk.column.last && walk.row.last)
  }

  /** Whether a count is at a place in front of the frame or behind it. */
  private final class Outside(count: Count, before: Int, inside: Int, all: Int) {
    private val isPadded = inside < all
    val outside = if (isPadded) Reg(Bool()).init(Bool(before > 0)) else False
    if (isPadded) outside.setCompositeName(count, "outside")

    def advance(moving: Bool): Unit = if (isPadded) when(moving) {
      outside := count.last ? Bool(before > 0) | (early || late)
    }

    private def early = if (before > 1) count.at < before - 1 else False

    private def late = if (before + inside < all) count.at >= before + inside - 1 else False
  }
}
