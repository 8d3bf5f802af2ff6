// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog

import spinal.core._

/** Counts frames and cycles at the two ends of the accelerator. What happens in a cycle counts from a register on, so that no
  * queue's state is in front of a counter: registers show it two cycles after.
  *
  * A frame has left when all outputs have given it.
  *
  * @param outputBeats
  *   of a frame, for each output
  * @param entering
  *   whether a beat enters in this cycle
  * @param leaving
  *   whether a beat leaves in this cycle, by each output
  * @param marked
  *   whether the beat that enters is marked as its frame's last
  */
final class FrameMonitor(
    inputBeats: Int,
    outputBeats: Seq[Int],
    run: Bool,
    entering: Bool,
    marked: Bool,
    leaving: Seq[Bool]
) extends Area {
  val input = new Count(inputBeats)
  input.advance(entering)
  val output = new Count(outputBeats.head)
  output.advance(leaving.head)

  // Whether it happened in the cycle before.
  val taken = event(entering)
  val given = event(leaving.head)
  val began = event(entering && input.at === 0)
  val entered = event(entering && input.last)
  val others = for ((beats, gives) <- outputBeats.tail.zip(leaving.tail)) yield new OtherOutput(beats, gives)
  val left = {
    val ended = event(leaving.head && output.last)
    if (others.isEmpty) ended else together(ended.setName("monitor_ended") +: others.map(_.ended))
  }
  val early = event(entering && marked && !input.last)
  val missing = event(entering && input.last && !marked)

  val frames_in = counter(32, entered)
  val frames_out = counter(32, left)
  val beats_in = counter(32, taken)
  val beats_out = counter(32, given)
  val cycles_low = counter(32, run)
  // Whether the lower half is about to turn over: a register, so that no carry runs through both halves.
  val cycles_turn = Reg(Bool()).init(False)
  when(run)(cycles_turn := cycles_low === (BigInt(1) << 32) - 2)
  val cycles_high = counter(32, run && cycles_turn)
  val cycles = cycles_high @@ cycles_low

  val in_flight = Reg(UInt(16 bits)).init(0)
  when(began && !left)(in_flight := in_flight + 1)
  when(!began && left)(in_flight := in_flight - 1)
  val busy = in_flight =/= 0

  val since_left = new Timer
  val any_left = Reg(Bool()).init(False)
  val frame_cycles = Reg(UInt(32 bits)).init(0)
  when(left) {
    any_left := True
    when(any_left)(frame_cycles := since_left.cycles)
  }

  // One frame at a time is timed from its first beat to its last, if it found the core empty.
  val timing = Reg(Bool()).init(False)
  val since_began = new Timer
  val latency_cycles = Reg(UInt(32 bits)).init(0)
  when(left) {
    timing := False
    when(timing)(latency_cycles := since_began.cycles)
  }
  // Known a cycle late, so that no comparison is in front of 32 bits: no frame leaves that early.
  val began_alone = RegNext(began && !busy).init(False)
  when(began_alone)(timing := True)
  since_left.restart(left, 1)
  since_began.restart(began_alone, 2)

  /** An output besides the first. */
  final class OtherOutput(beats: Int, gives: Bool) extends Area {
    val output = new Count(beats)
    output.advance(gives)
    val given = event(gives)
    val ended = event(gives && output.last)
    val beats_out = counter(32, given)
  }

  /** Whether a frame has left that all outputs have given, of which some may be frames ahead. */
  private def together(ends: Seq[Bool]): Bool = {
    val all = Bool().setName("frame_left")
    val whole = for ((end, number) <- ends.zipWithIndex) yield {
      val ahead = Reg(UInt(16 bits)).init(0).setName(s"frames_ahead_$number")
      when(end && !all)(ahead := ahead + 1)
      when(!end && all)(ahead := ahead - 1)
      ahead =/= 0 || end
    }
    all := whole.reduce(_ && _)
    all
  }

  /** The beats that each output gave. */
  def beatsOut: Seq[UInt] = beats_out +: others.map(_.beats_out)

  /** Whether the next beat of each output is its frame's last. */
  def lasts: Seq[Bool] = output.last +: others.map(_.output.last)

  private def event(happens: Bool): Bool = RegNext(happens).init(False)

  /** A flag that `event` sets and `clear` clears; setting wins. */
  def sticky(event: Bool, clear: Bool): Bool = {
    val flag = Reg(Bool()).init(False)
    when(clear)(flag := False)
    when(event)(flag := True)
    flag
  }

  private def counter(width: Int, event: Bool): UInt = {
    val count = Reg(UInt(width bits)).init(0)
    when(event)(count := count + 1)
    count
  }
}

/** Counts cycles in two halves of 16 bits, the upper of which moves when a register says that the lower turns over: no
  * carry runs through both.
  */
final class Timer extends Area {
  private val half = 16
  private val low = Reg(UInt(half bits)).init(0)
  private val high = Reg(UInt(half bits)).init(0)
  private val turns = Reg(Bool()).init(False)

  /** Cycles, as of the one before this. */
  def cycles: UInt = high @@ low

  /** Counts, and begins anew in the next cycle when told so.
    *
    * @param first
    *   what it begins with
    */
  def restart(now: Bool, first: Int): scala.Unit = {
    low := low + 1
    turns := low === (1 << half) - 2
    when(turns)(high := high + 1)
    when(now) {
      low := first
      high := 0
      turns := False
    }
  }
}
