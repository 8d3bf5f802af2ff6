// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog

import spinal.core._

/** Counters of a raster walk: beats of a pixel, columns, rows. */
final class Position(beats: Int, columns: Int, rows: Int) extends Area {
  val beat = new Count(beats)
  val column = new Count(columns)
  val row = new Count(rows)

  /** Moves to the next beat of the frame, from the last to the first of the next. */
  def advance(moving: Bool): Unit = {
    beat.advance(moving)
    column.advance(moving && beat.last)
    row.advance(moving && beat.last && column.last)
  }
}

/** Counts from 0 to `size` - 1 and starts again. */
final class Count(size: Int) extends Area {
  private val counts = size > 1
  val at = if (counts) Reg(UInt(log2Up(size) bits)).init(0) else U(0, 1 bits)

  /** Whether this is the last number. A register, so that no comparison is in front of what depends on it. */
  val last = if (counts) Reg(Bool()).init(False) else True

  /** Whether the number after this one is the last, in the order 0, 1, ..., 0. */
  def isLastNext: Bool = if (counts) at === size - 2 else True

  /** Begins anew. */
  def restart(): Unit = if (counts) {
    at := 0
    last := False
  }

  /** Moves on if told so. */
  def advance(moving: Bool): Unit = if (counts) when(moving) {
    if (isPow2(size)) at := at + 1 else at := last ? U(0, at.getWidth bits) | (at + 1)
    last := isLastNext
  }
}
