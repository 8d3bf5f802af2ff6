// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.matrix

import dev.etch.hardware.{MatrixCode, MatrixNetlist}
import dev.etch.hardware.verilog.{Comparison, Family, LoadedMemories, Rom}
import spinal.core._

import scala.jdk.CollectionConverters._

/** What decoders know of a code, see [[dev.etch.hardware.coding.PrefixCode]]. */
private[matrix] trait CodeNumbers {

  /** Whether bits, with those behind the code word, begin with a word of a length or a shorter one. */
  def isBelow(length: Int, bits: UInt): Bool

  /** What is added to a word of a length for its rank. */
  def offset(length: Int): UInt
}

/** Those of a code that never changes. */
private[matrix] final class ConstantNumbers(code: MatrixCode) extends CodeNumbers {
  override def isBelow(length: Int, bits: UInt): Bool = {
    val limit = code.code.limit(length)
    if (Family.get.hasWideMultiplexers) (bits >> code.behind) < limit
    else Comparison.isBelow(bits, BigInt(limit) << code.behind)
  }

  override def offset(length: Int): UInt = U(Rom.wrap(code.code.offset(length), code.rankBits), code.rankBits bits)
}

/** Those that the host loads, see [[MatrixNetlist.numbers]]: registers that take the words of their memory one after
  * the other, so that decoders see all of them at once.
  *
  * @param cycle
  *   counts up
  * @param first
  *   what it is when the first word is read; then one after the other
  * @param shifts
  *   whether the word of the cycle before is taken; the last of them last
  */
private[matrix] final class LoadedNumbers(netlist: MatrixNetlist, memories: LoadedMemories, cycle: UInt, first: Int, shifts: Bool)
    extends Area
    with CodeNumbers {
  private val code = netlist.code.get
  private val table = netlist.numbers.get
  private val entries = table.entries.asScala.map(BigInt(_)).toSeq
  private val memory = memories.memory("code_numbers", entries, table.width, table.loaded)
  private val places = memory.addressWidth
  private val place = (cycle.resize(places bits) - U(first & ((1 << places) - 1), places bits)).setName("code_place")
  private val word = memory.readSync(place).setName("code_number")
  private val words = entries.indices.map(i => Reg(Bits(table.width bits)).setName(s"code_number$i"))
  when(shifts) {
    for ((register, next) <- words.zip(words.tail :+ word)) register := next
  }
  private val limitBits = code.looks + 1
  private val lengths = code.lengths.asScala.map(_.toInt).zip(words.tail).toMap

  /** The number of the stream's last chunk. */
  val last: UInt = words.head(netlist.endBits - 1 downto 0).asUInt

  /** What the first beat of a stream outside has to be. */
  lazy val tag: Bits = Cat(words.takeRight(netlist.tagNumbers)).setName("code_tag")(31 downto 0)

  override def isBelow(length: Int, bits: UInt): Bool =
    (bits >> code.behind).resize(limitBits) < lengths(length)(limitBits - 1 downto 0).asUInt

  override def offset(length: Int): UInt = lengths(length)(limitBits, code.rankBits bits).asUInt
}
