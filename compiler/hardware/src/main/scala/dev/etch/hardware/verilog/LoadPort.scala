// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog

import dev.etch.hardware.LoadMap
import dev.etch.hardware.verilog.emit.EmptyMemories
import spinal.core._
import spinal.lib.IMasterSlave

import scala.collection.mutable

/** Words on their way from the host to the memories that it loads, see [[LoadMap]]. */
final case class LoadPort(addressBits: Int) extends Bundle with IMasterSlave {

  /** Whether there is a word in this cycle. */
  val valid = Bool()
  val address = UInt(addressBits bits)
  val data = Bits(LoadMap.WORD_BITS bits)

  /** Whether no reset is asserted, without a register: before the first one, registers hold anything. */
  val awake = Bool()

  override def asMaster(): scala.Unit = out(valid, address, data, awake)
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
  def memory(name: String, entries: Seq[BigInt], width: Int, loaded: Boolean): Mem[Bits]
}

/** Memories that nobody writes. */
object ConstantMemories extends WordMemories {
  override def memory(name: String, entries: Seq[BigInt], width: Int, loaded: Boolean): Mem[Bits] = {
    require(!loaded, s"nobody loads $name")
    Rom.memory(name, entries, width)
  }
}

/** Memories of a unit of which the host loads some. Two registers lie in front of each: that of the loader, and one
  * behind the choice among them.
  */
final class LoadedMemories(port: LoadPort, regions: Seq[LoadMap.Region]) extends WordMemories {
  private val widest = regions.map(_.memory.width).max
  private val data = RegNext(port.data(widest - 1 downto 0)).setName("load_word")
  private val made = mutable.Set[String]()

  override def memory(name: String, entries: Seq[BigInt], width: Int, loaded: Boolean): Mem[Bits] =
    if (loaded) written(name + "_ram", entries, width) else Rom.memory(name, entries, width)

  /** The word at an address of a memory with one port: it is not read in cycles in which it is written. */
  def word(name: String, entries: Seq[BigInt], width: Int, address: UInt): Bits = {
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
    val memory = Mem(Bits(width bits), entries.size).initBigInt(entries.map(Rom.wrap(_, width))).setName(name)
    val inside = log2Up(LoadMap.size(region.memory))
    val meant = port.address(port.address.high downto inside) === region.base >> inside
    val hits = RegNext(port.valid && meant).init(False).setName(name + "_hit")
    val place = RegNext(port.address(log2Up(entries.size) - 1 downto 0)).setName(name + "_place")
    (memory, place, hits)
  }

  /** Whether every region has its memory. */
  def isComplete: Boolean = made.size == regions.size
}

object LoadedMemories {

  /** The port of a unit whose memories have these regions, if there are any. */
  def port(regions: Seq[LoadMap.Region], make: => LoadPort): Option[LoadPort] =
    if (regions.isEmpty) None else Some(make.setName("load"))

  /** The memories behind a port. */
  def of(port: Option[LoadPort], regions: Seq[LoadMap.Region]): WordMemories =
    port.fold[WordMemories](ConstantMemories)(new LoadedMemories(_, regions))
}
