// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog

import dev.etch.hardware.LoadMap
import dev.etch.hardware.verilog.emit.EmptyMemories
import spinal.core._
import spinal.lib.IMasterSlave

import scala.collection.mutable
import scala.jdk.CollectionConverters._

/** Words on their way from the host to the memories that it loads, see [[LoadMap]].
  *
  * @param isDoubled
  *   whether there are two buffers of each memory
  */
final case class LoadPort(isDoubled: Boolean) extends Bundle with IMasterSlave {

  /** Whether there is a word in this cycle. */
  val valid = Bool()
  val address = UInt(LoadMap.MOST_ADDRESS_BITS bits)
  val data = Bits(LoadMap.WORD_BITS bits)

  /** Whether no reset is asserted, without a register: before the first one, registers hold anything. */
  val awake = Bool()

  /** Which buffer is read, if there are two: the other is written. */
  val buffer = Option.when(isDoubled)(Bool())

  /** Whether it is the other from the next cycle on. */
  val swaps = Option.when(isDoubled)(Bool())

  /** Whether the words change that are read from now on. */
  def renews: Bool = swaps.getOrElse(valid)

  override def asMaster(): scala.Unit = {
    out(valid, address, data, awake)
    buffer.foreach(out(_))
    swaps.foreach(out(_))
  }
}

/** Makes the memories that a module only reads. */
trait WordMemories {

  /** A memory of unsigned words; negative entries are stored in two's complement.
    *
    * @param name
    *   without what says how its words come there
    * @param loaded
    *   whether the host loads the entries; those here are there first
    */
  def memory(name: String, entries: Seq[BigInt], width: Int, loaded: Boolean): WordMemory
}

/** A memory that is only read.
  *
  * @param buffer
  *   which of two buffers is read, if there are two: the words of both take turns
  */
final class WordMemory(words: Mem[Bits], buffer: Option[Bool]) {

  /** Bits of an address, without that of the buffer. */
  def addressWidth: Int = words.addressWidth - buffer.size

  /** The word at an address, in the cycle after one in which `enable` is 1. */
  def readSync(address: UInt, enable: Bool = null): Bits =
    words.readSync(buffer.fold(address)(LoadedMemories.place(address, _)), enable)
}

/** Memories that nobody writes. */
object ConstantMemories extends WordMemories {
  override def memory(name: String, entries: Seq[BigInt], width: Int, loaded: Boolean): WordMemory = {
    require(!loaded, s"nobody loads $name")
    new WordMemory(Rom.memory(name, entries, width), None)
  }
}

/** Memories of a unit of which the host loads some. Two registers lie in front of each: that of the loader, and one
  * behind the choice among them. Of two buffers, words of the same address stand side by side, so that a memory has no
  * more words than both.
  */
final class LoadedMemories(port: LoadPort, loads: LoadMap) extends WordMemories {
  private val regions = loads.regions.asScala.toSeq
  private val buffer = port.buffer.map(RegNext(_).setName("load_read_buffer"))
  private val widest = regions.map(_.memory.width).max
  private val data = RegNext(port.data(widest - 1 downto 0)).setName("load_word")
  private val made = mutable.Set[String]()

  override def memory(name: String, entries: Seq[BigInt], width: Int, loaded: Boolean): WordMemory =
    if (loaded) new WordMemory(written(name + "_ram", entries, width), buffer)
    else new WordMemory(Rom.memory(name, entries, width), None)

  /** The word at an address. One buffer is a memory with one port: it is not read in cycles in which it is written. */
  def word(name: String, entries: Seq[BigInt], width: Int, address: UInt): Bits =
    if (loads.isDoubled) memory(name, entries, width, loaded = true).readSync(address) else alone(name, entries, width, address)

  private def alone(name: String, entries: Seq[BigInt], width: Int, address: UInt): Bits = {
    val (memory, place, hits) = loaded(name + "_ram", entries, width)
    if (Family.get.hasEmptyMemories) EmptyMemories.add(memory)
    val writes = (hits && port.awake).setName(name + "_writes")
    val at = (writes ? place | address).setName(name + "_port")
    memory.write(at, data(width - 1 downto 0), writes)
    memory.readSync(at, (!writes).setName(name + "_reads"))
  }

  private def written(name: String, entries: Seq[BigInt], width: Int): Mem[Bits] = {
    val (memory, place, hits) = loaded(name, entries, width)
    memory.write(place, data(width - 1 downto 0), hits && port.awake)
    memory
  }

  /** A memory, and where it is written, if it is. */
  private def loaded(name: String, entries: Seq[BigInt], width: Int): (Mem[Bits], UInt, Bool) = {
    val region = regions.find(_.memory.name == name).getOrElse(throw new IllegalArgumentException(s"no region for $name"))
    require(made.add(name) && region.memory.words == entries.size && region.memory.width == width)
    // Whichever buffer is read at first has them.
    val words = entries.map(Rom.wrap(_, width)).flatMap(Seq.fill(loads.buffers)(_))
    val memory = Mem(Bits(width bits), words.size).initBigInt(words).setName(name)
    val inside = log2Up(LoadMap.size(region.memory))
    val meant = port.address(port.address.high downto inside) === region.base >> inside
    val hits = RegNext(port.valid && meant).init(False).setName(name + "_hit")
    val place = RegNext(port.address(log2Up(entries.size) - 1 downto 0)).setName(name + "_place")
    (memory, buffer.fold(place)(read => LoadedMemories.place(place, !read)), hits)
  }

  /** Whether every region has its memory. */
  def isComplete: Boolean = made.size == regions.size
}

object LoadedMemories {

  /** The port of a unit that has such memories.
    *
    * @param side
    *   makes it one side of a port
    */
  def port(loads: LoadMap, side: LoadPort => LoadPort): Option[LoadPort] =
    if (loads.isEmpty) None else Some(side(LoadPort(loads.isDoubled)).setName("load"))

  /** The memories behind a port. */
  def of(port: Option[LoadPort], loads: LoadMap): WordMemories =
    port.fold[WordMemories](ConstantMemories)(new LoadedMemories(_, loads))

  /** Where a word of one of two buffers stands. */
  def place(address: UInt, buffer: Bool): UInt = (address ## buffer).asUInt
}
