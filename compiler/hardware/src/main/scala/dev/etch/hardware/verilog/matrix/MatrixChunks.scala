// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.matrix

import dev.etch.hardware.MatrixNetlist
import dev.etch.hardware.MatrixStream.AHEAD
import dev.etch.hardware.verilog.emit.MemoryStyle
import dev.etch.hardware.verilog.{Family, LoadedMemories}
import spinal.core._
import spinal.lib.{Stream => BeatStream}

import scala.jdk.CollectionConverters._

/** Brings chunks from the memory of all lanes to those that ask, see [[dev.etch.hardware.MatrixStream]].
  *
  * @param asks
  *   a bit for each lane: whether it has used up a chunk
  * @param boots
  *   whether all begins anew: the lanes have none, and the first of each is read
  */
private[matrix] final class MatrixChunks(netlist: MatrixNetlist, source: ChunkSource, asks: Bits, boots: Bool)
    extends Area {
  private val lanes = asks.getWidth
  private val groups = netlist.waiting

  private val asked = RegNext(asks).init(0).setName("stream_asks")
  private val pending = Reg(Bits(lanes bits)).init(B(lanes bits, default -> True)).setName("stream_pending")
  private val first = Reg(UInt(log2Up(AHEAD) bits)).init(AHEAD - 1).setName("stream_first_groups")
  private val waiting = Mem(Bits(lanes bits), groups).setName("stream_asked")
  private val push = Reg(UInt(log2Up(groups) bits)).init(0).setName("stream_push")
  private val pop = Reg(UInt(log2Up(groups) bits)).init(0).setName("stream_pop")
  private val count = Reg(UInt(log2Up(groups + 1) bits)).init(0).setName("stream_waiting")

  private val lowest = pending & (~pending.asUInt + 1).asBits
  private val picked = source.available
    .fold(lowest)(some => some ? lowest.setName("stream_lowest") | B(0, lanes bits))
    .setName("stream_picked")
  private val rest = (pending & ~picked).setName("stream_rest")
  private val ends = (!rest.orR).setName("stream_ends")
  private val begins = (first =/= 0).setName("stream_begins")
  private val waits = (count =/= 0).setName("stream_waits")
  private val pushing = (asked.orR && !(ends && !begins && !waits)).setName("stream_pushing")
  private val popping = (ends && !begins && waits).setName("stream_popping")

  waiting.write(push, asked, pushing)
  when(pushing)(push := successor(push))
  when(popping)(pop := successor(pop))
  when(pushing && !popping)(count := count + 1)
  when(!pushing && popping)(count := count - 1)
  pending := rest
  when(ends) {
    when(begins) {
      pending := B(lanes bits, default -> True)
      first := first - 1
    }.elsewhen(waits)(pending := waiting.readAsync(pop).setName("stream_group")).otherwise(pending := asked)
  }

  /** A chunk, for the lane whose bit is set. */
  val chunk: Bits = RegNext(source.read(pending.orR, boots)).setName("stream_chunk")
  private val reading = RegNext(picked).init(0).setName("stream_reading")
  val arriving: Bits = RegNext(reading).init(0).setName("stream_arriving")

  when(boots) {
    asked := 0
    pending := B(lanes bits, default -> True)
    first := AHEAD - 1
    push := 0
    pop := 0
    count := 0
    reading := 0
    arriving := 0
  }

  private def successor(pointer: UInt): UInt =
    if (isPow2(groups)) pointer + 1 else (pointer === groups - 1) ? U(0, pointer.getWidth bits) | (pointer + 1)
}

/** Where chunks come from, in the order in which lanes ask. */
private[matrix] trait ChunkSource {

  /** Whether there is one, if there may be none. */
  def available: Option[Bool]

  /** Whether they are those that were loaded with their code, if they may be others. */
  def belongs: Option[Bool] = None

  /** The chunk of the cycle before; goes on to the next.
    *
    * @param asked
    *   whether a chunk is taken, if there is one
    * @param boots
    *   whether all begins anew
    */
  def read(asked: Bool, boots: Bool): Bits
}

/** A memory with one port that the host loads.
  *
  * @param end
  *   the number of the last chunk, if it is loaded, too
  */
private[matrix] final class LoadedChunks(netlist: MatrixNetlist, memories: LoadedMemories, end: Option[UInt])
    extends ChunkSource {
  override val available: Option[Bool] = None

  override def read(asked: Bool, boots: Bool): Bits = {
    val table = netlist.packed
    val at = Reg(UInt(log2Up(table.entries.size) bits)).init(0).setName("stream_at")
    val last = end.fold(at === table.entries.size - 1)(at === _)
    when(asked)(at := last ? U(netlist.stream.get.period, at.getWidth bits) | (at + 1))
    when(boots)(at := 0)
    memories.word("stream_chunks", table.entries.asScala.map(BigInt(_)).toSeq, table.width, at).setName("stream_read")
  }
}

/** Beats of the memory outside. */
private[matrix] final class ExternalChunks(beats: BeatStream[Bits]) extends ChunkSource {
  override val available: Option[Bool] = Some(beats.valid)

  override def read(asked: Bool, boots: Bool): Bits = {
    beats.ready := asked
    RegNext(beats.payload).setName("stream_read")
  }
}

/** Beats of the memory outside, whose first is no chunk, but says to which image they belong.
  *
  * @param tag
  *   what it is if it is the one that was loaded
  */
private[matrix] final class TaggedChunks(beats: BeatStream[Bits], tag: Bits) extends ChunkSource {
  private val begun = Reg(Bool()).init(False).setName("stream_begun")
  private val own = Reg(Bool()).init(False).setName("stream_own")
  override val available: Option[Bool] = Some(beats.valid && begun)
  override def belongs: Option[Bool] = Some(own)

  /** Whether they belong to another image. */
  def isForeign: Bool = begun && !own

  override def read(asked: Bool, boots: Bool): Bits = {
    beats.ready := (asked || !begun) && !boots
    when(beats.valid && !begun) {
      begun := True
      own := beats.payload(31 downto 0) === tag
    }
    when(boots) {
      begun := False
      own := False
    }
    RegNext(beats.payload).setName("stream_read")
  }
}

/** The chunks that a lane has room for, and the words that its decoder takes of them.
  *
  * @param drops
  *   whether what is left of a chunk is dropped, behind a word that is taken in the same cycle
  */
private[matrix] final class LaneChunks(netlist: MatrixNetlist, number: Int, chunks: MatrixChunks, drops: Bool, boots: Bool)
    extends Area {
  private val prefix = s"lane$number"
  private val stream = netlist.stream.get
  private val words = stream.chunkWords
  private val inside = log2Up(words)
  private val arrives = chunks.arriving(number).setName(prefix + "_arrives")
  private val count = Reg(UInt(log2Up(AHEAD + 1) bits)).init(0).setName(prefix + "_chunk_count")
  private val written = Reg(UInt(log2Up(AHEAD) bits)).init(0).setName(prefix + "_written_chunk")
  private val at = Reg(UInt(log2Up(AHEAD) + inside bits)).init(0).setName(prefix + "_image_at")
  private val memory = Mem(Bits(stream.chunkBits bits), AHEAD).setName(prefix + "_chunks").addAttribute("no_rw_check")
  // Otherwise they would be registers, four for each bit.
  if (!Family.get.hasTableMemories) MemoryStyle.set(memory, MemoryStyle.Block)
  memory.write(written, chunks.chunk, arrives)
  when(arrives)(written := written + 1)

  /** Whether there is no room for another. */
  def full: Bool = (count === AHEAD).setName(prefix + "_full")

  /** Whether there is one. */
  val some: Bool = (count =/= 0).setName(prefix + "_has_chunk")

  /** Whether one is used up. */
  val asks: Bool = Bool().setName(prefix + "_asks")

  /** The word that was taken last. */
  def image(takes: Bool): Bits = {
    val after = (takes ? (at + 1) | at).setName(prefix + "_image_after")
    if (inside == 0) {
      asks := takes
      at := after
    } else {
      val rest = (drops && after(inside - 1 downto 0) =/= 0).setName(prefix + "_drops")
      asks := rest || (takes && at(inside - 1 downto 0).andR)
      at := after
      when(rest)(at := (after(after.high downto inside) + 1) @@ U(0, inside bits))
    }
    when(arrives && !asks)(count := count + 1)
    when(!arrives && asks)(count := count - 1)
    when(boots) {
      count := 0
      written := 0
      at := 0
    }
    val chunk = memory.readSync(at(at.high downto inside).setName(prefix + "_chunk_at"), takes).setName(prefix + "_chunk")
    if (inside == 0) chunk
    else {
      val which = RegNextWhen(at(inside - 1 downto 0), takes).setName(prefix + "_chunk_word")
      Vec(chunk.subdivideIn(words slices).reverse)(which)
    }
  }
}
