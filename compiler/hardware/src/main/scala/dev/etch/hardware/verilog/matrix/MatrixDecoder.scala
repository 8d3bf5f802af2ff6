// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.matrix

import dev.etch.hardware.MatrixCode
import dev.etch.hardware.verilog.{Delay, Family, Multiplexer, Rom, WordMemories}
import spinal.core._

import scala.jdk.CollectionConverters._

/** Decodes a lane's image, a symbol a step; how is said in [[dev.etch.hardware.coding.PrefixCode]].
  *
  * Two words of the image stand in registers, a third at the memory's output. What follows the place in the first two
  * is the next code word, whose length is found and added to the place in the same cycle. The rank follows in two more.
  *
  * @param numbers
  *   what is known of the code
  * @param memories
  *   makes the table of symbols
  * @param image
  *   makes what holds the image: with each word that is taken, the one behind it stands there a cycle later
  */
private[matrix] final class MatrixDecoder(
    code: MatrixCode,
    numbers: CodeNumbers,
    number: Int,
    sequencer: MatrixSequencer,
    memories: WordMemories,
    image: Bool => Bits
) extends Area {
  private val prefix = s"lane$number"
  private val filling = sequencer.filling.get
  private val behind = code.behind
  private val wordBits = code.imageBits
  private val look = code.looks + behind
  private val lengths = code.lengths.asScala.map(_.toInt).toSeq

  private val place = Reg(UInt(log2Up(wordBits) bits)).init(0).setName(prefix + "_place")
  private val takes = Bool().setName(prefix + "_takes")
  private val ahead = image(takes).setName(prefix + "_ahead")
  private val next = RegNextWhen(ahead, takes).setName(prefix + "_second")
  private val current = RegNextWhen(next, takes).setName(prefix + "_first")

  private val both = (current ## next).setName(prefix + "_both")
  private val bits = behind(place).asUInt.setName(prefix + "_bits")
  private val below = lengths.map { length =>
    (if (length == code.looks) True else numbers.isBelow(length, bits)).setName(s"${prefix}_below$length")
  }
  private val is = below.indices.map { i =>
    (if (i == 0) below(i) else below(i) && !below(i - 1)).setName(s"${prefix}_is${lengths(i)}")
  }
  private val places = lengths.map(length => place.resize(log2Up(wordBits) + 1) + (length + behind))
  private val after = choose(is, places).setName(prefix + "_after")
  when(sequencer.decoding)(place := after.resized)
  when(sequencer.restarting)(place := 0)
  takes := filling.loading || (sequencer.decoding && after.msb)

  // The rank of a word of this length is the word and a constant.
  private val rankBits = code.rankBits
  private val seen = RegNextWhen(bits, sequencer.decoding).setName(prefix + "_seen")
  private val was = is.zip(lengths).map { case (found, length) =>
    RegNextWhen(found, sequencer.decoding).setName(s"${prefix}_was$length")
  }
  private val ranks = lengths.map { length =>
    val word = seen(look - 1 downto look - length).setName(s"${prefix}_word$length")
    word.resize(rankBits bits) + numbers.offset(length)
  }
  private val rank =
    RegNextWhen(choose(was, ranks), sequencer.decoding).setName(prefix + "_rank")

  /** What follows the code word, when its symbol is there. */
  lazy val low: Bits = {
    val parts = lengths.map(length => seen(look - length - 1 downto look - length - behind))
    val read = RegNextWhen(choose(was, parts), sequencer.decoding).setName(prefix + "_low_read")
    Delay.data(read.asBits, MatrixDecoder.SYMBOL, prefix + "_low").setName(prefix + "_low")
  }

  /** The symbol of the step that was current so many cycles ago as [[MatrixDecoder.SYMBOL]] says. */
  val symbol: Bits = {
    val table = code.table
    if (table.isConstant) Rom.constant(table.entries.get(0), table.width)
    else {
      val entries = table.entries.asScala.map(BigInt(_)).toSeq
      val memory = memories.memory(prefix + "_symbol", entries, table.width, table.loaded)
      RegNext(memory.readSync(rank).setName(prefix + "_symbol_read")).setName(prefix + "_symbol")
    }
  }

  private def behind(place: UInt): Bits =
    if (Family.get.hasWideMultiplexers)
      Vec((0 until wordBits).map(p => both(2 * wordBits - 1 - p downto 2 * wordBits - look - p)))(place)
    else Multiplexer.behind(place, both, look, prefix + "_behind")

  private def choose(which: Seq[Bool], values: Seq[UInt]): UInt =
    which.zip(values).map { case (is, value) => is ? value | U(0, value.getWidth bits) }.reduce(_ | _)
}

private[matrix] object MatrixDecoder {

  /** Cycles from a step until its symbol is there. */
  val SYMBOL: Int = 2
}
