// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.window

import dev.etch.hardware.PipelineStages.ADDRESS
import dev.etch.hardware.ScheduleColumns.Column
import dev.etch.hardware.verilog.{Count, Delay, WordPort}
import dev.etch.hardware.{WindowStream, WindowUnit}
import spinal.core._
import spinal.lib.{slave, Stream => BeatStream}

/** Gathers the words of a schedule from the beats of the memory outside, see [[WindowUnit]]. It goes on while the unit
  * stands.
  *
  * The beats of a word, or what is left of a beat of several, stand in one register: a beat enters at the top, and a word
  * leaves at the bottom.
  */
private[window] final class WindowWords(stream: WindowStream, port: WordPort) extends Area {
  private val dataBits = port.dataBits
  private val parts = stream.beatsOfWord
  private val each = stream.wordsOfBeat
  private val held = Reg(Bits(parts * dataBits bits)).setName("words_held")
  private val left = Reg(UInt(log2Up(each + 1) bits)).init(0).setName("words_left")
  private val there = (left =/= 0).setName("word_is_there")

  /** Whether the unit takes a word, if there is one. */
  val needs: Bool = Bool().setName("word_is_needed")

  /** Whether it moves. In a reset, too: its registers are reset as others are. */
  val moves: Bool = (!needs || there || ClockDomain.current.isResetActive).setName("unit_moves")

  private val takes = (needs && there).setName("word_is_taken")
  private val place = new Count(stream.words).setName("word")
  place.advance(takes)
  private val empties = (takes && (left === 1 || place.last)).setName("words_run_out")
  private val wants = (left === 0 || empties).setName("words_want_beat")
  private val gathers = (port.beats.valid && wants).setName("words_gather")
  private val part = new Count(parts).setName("word_part")
  part.advance(gathers)
  port.beats.ready := wants

  if (each > 1) when(takes)(held := held |>> stream.wordBits)
  when(takes)(left := left - 1)
  when(empties)(left := 0)
  when(gathers) {
    held := (if (parts == 1) port.beats.payload else port.beats.payload ## held(parts * dataBits - 1 downto dataBits))
    when(part.last)(left := each)
  }
  when(port.restarts) {
    left := 0
    place.restart()
    part.restart()
  }
  port.primed := there

  private val domain = ClockDomain(
    ClockDomain.current.readClockWire,
    ClockDomain.current.readResetWire,
    clockEnable = moves,
    config = ClockDomain.current.config
  )

  /** Makes what changes only while the unit moves. */
  def moving[T](body: => T): T = domain(body)

  /** A stream of which beats are taken only while the unit moves. */
  def whileMoving(input: BeatStream[Bits]): BeatStream[Bits] = {
    val taken = BeatStream(Bits(input.payload.getWidth bits)).setName("taken")
    taken.valid := input.valid
    taken.payload := input.payload
    input.ready := taken.ready && moves
    taken
  }

  /** A field of the word, when it is needed. */
  def field(column: Column): Bits = {
    val name = column.name + "_word"
    Delay.data(held(stream.start(column), column.width bits).setName(name), column.stage - ADDRESS, name)
  }
}

private[window] object WindowWords {

  /** The port of a unit whose words come from outside. */
  def port(unit: WindowUnit): Option[WordPort] =
    Option.when(unit.memory.isPresent)(slave(WordPort(unit.memory.get.dataBits, None)).setName("words"))
}
