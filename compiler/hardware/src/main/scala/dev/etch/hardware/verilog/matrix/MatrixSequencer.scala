// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.matrix

import dev.etch.hardware.MatrixStream.LOADS
import dev.etch.hardware.{MatrixNetlist, MatrixUnit}
import dev.etch.hardware.verilog.{Count, Delay, ElasticPipeline, WordMemories}
import spinal.core._

import scala.jdk.CollectionConverters._

/** The states of a [[MatrixUnit]].
  *
  * @param available
  *   whether there is a beat
  * @param space
  *   whether the output queue takes a beat
  * @param chunks
  *   if words are packed: whether all lanes have a chunk, and whether all begins anew
  * @param memories
  *   makes that of the steps that feed
  */
final class MatrixSequencer(
    unit: MatrixUnit,
    netlist: MatrixNetlist,
    available: Bool,
    space: Bool,
    chunks: Option[(Bool, Bool)],
    memories: WordMemories
) extends Area {
  private val program = unit.program
  private val steps = program.steps
  val running = Reg(Bool()).init(True)
  private val settling = Reg(Bool()).init(False).setName("settling")
  val reading = Reg(Bool()).init(False)
  private val leaving = Reg(Bool()).init(False).setName("leaving")

  /** Whether the step takes a beat. */
  val feeds: Bool = if (netlist.feeds.isConstant) True else Reg(Bool()).init(True)

  /** What fills the decoders, if there are any. */
  val filling: Option[Filling] = if (netlist.code.isPresent) Some(new Filling(chunks.map(_._1))) else None
  private val filled = filling.map(fill => chunks.fold(fill.done) { case (ready, _) => fill.done && ready })
  private val goes = filled.fold(running)(done => (running && done).setName("goes"))

  /** Whether the step takes a beat, if there is one. */
  val taking: Bool = goes && feeds
  val advancing = goes && (!feeds || available)
  val feeding = goes && feeds && available

  private val step = new Count(steps)
  val slot: UInt = step.at
  step.advance(advancing)
  val next_slot = advancing ? (step.last ? U(0, slot.getWidth bits) | slot + 1) | slot
  private val ended = advancing && step.last
  if (!netlist.feeds.isConstant) lookAhead()

  /** Whether the decoders begin anew with the next cycle. */
  val restarting: Bool = chunks.fold(ended) { case (_, boots) => (ended || boots).setName("restarting") }

  /** Whether each decoder goes on by a word. */
  lazy val decoding: Bool = (filling.get.decoding || advancing).setName("decoding")
  filling.foreach(fill => when(ended)(fill.begin()))
  for (fill <- filling; (_, boots) <- chunks) when(boots)(fill.begin())

  private val settled = new Count(MatrixUnit.SETTLING)
  // Whether the sums of the frame before are still being read, if they may be.
  private val occupied = if (unit.ahead) (reading || leaving).setName("occupied") else False
  private val settles = settling && !(settled.last && occupied)
  settled.advance(settles)
  val output = new Count(program.outputsPerCluster)
  val reader = new ElasticPipeline(reading, space, MatrixUnit.STAGES)
  private val reads = reading && reader.ready
  output.advance(reads)

  private val turns = (settles && settled.last).setName("turns")
  private val left = (leaving && !(0 until MatrixHardware.READ).map(reader.full(_)).reduce(_ || _) &&
    reader.moves(MatrixHardware.READ)).setName("left")

  /** Whether the next frame begins with the next cycle. */
  val beginning: Bool = (if (unit.ahead) turns else left).setName("beginning")

  when(ended) { running := False; settling := True }
  when(turns) { settling := False; reading := True }
  when(reads && output.last) { reading := False; leaving := True }
  when(left)(leaving := False)
  when(beginning)(running := True)

  /** Whether the sums are read for the outputs. */
  val outputs: Bool = (reading || leaving).setName("outputs")

  /** Which of the two memories of sums is added to, when a step's product is there: if the unit is ahead. */
  val adds_to: Option[Bool] = Option.when(unit.ahead) {
    val bank = Reg(Bool()).init(False).setName("bank")
    when(turns)(bank := !bank)
    // The last sums of a frame are written after the turn, and those of the next are read later.
    Delay(bank, 2, "bank")
  }

  /** Has `feeds` ready when its step comes: memory and registers are two steps ahead. The memory is read in every
    * cycle, also in reset.
    */
  private def lookAhead(): scala.Unit = {
    val table = netlist.feedWords
    val words = table.entries.asScala.map(BigInt(_)).toSeq
    val place = log2Up(table.width)
    val ahead = Reg(UInt(slot.getWidth bits)).init(2 % steps)
    val next_ahead = advancing ? ((ahead === steps - 1) ? U(0, slot.getWidth bits) | (ahead + 1)) | ahead
    ahead.setName("ahead")
    next_ahead.setName("next_ahead")
    val memory = memories.memory("feeds", words, table.width, table.loaded)
    val word = memory.readSync((next_ahead >> place).resize(memory.addressWidth bits).setName("feeds_place")).setName("feeds_word")
    val next = Reg(Bool()).init(netlist.feeds.entries.get(1 % steps).signum == 1).setName("feeds_next")
    when(advancing) {
      ahead := next_ahead
      next := (if (place == 0) word.lsb else word(ahead(place - 1 downto 0)))
      feeds := next
    }
  }
}

/** Brings the first words of an image into the decoders, in as many cycles as [[MatrixNetlist.FILLING]] says.
  *
  * @param ready
  *   in which cycles, if not in all
  */
final class Filling(ready: Option[Bool]) extends Area {
  private val count = Reg(UInt(log2Up(MatrixNetlist.FILLING + 1) bits)).init(0).setName("filled")
  val done: Bool = (count === MatrixNetlist.FILLING).setName("filling_done")

  /** Whether the words of the image move on: the first stands in front then. */
  val loading: Bool = only(count < LOADS).setName("filling_loads")

  /** Whether code words are decoded, two ahead of the first step. */
  val decoding: Bool = only(count >= LOADS && !done).setName("filling_decodes")
  when(only(!done))(count := count + 1)

  def begin(): scala.Unit = count := 0

  private def only(goes: Bool): Bool = ready.fold(goes)(goes && _)
}
