// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.matrix

import dev.etch.hardware.MatrixCode
import dev.etch.hardware.MatrixCode.IMAGE_BITS
import dev.etch.hardware.verilog.Rom
import spinal.core._

import scala.jdk.CollectionConverters._

/** Decodes a lane's image, a symbol a step; how is said in [[dev.etch.hardware.coding.PrefixCode]].
  *
  * Two words of the image stand in registers, a third at the memory's output. What follows the place in the first two
  * is the next code word, whose length is found and added to the place in the same cycle. The rank follows in two more.
  */
private[matrix] final class MatrixDecoder(code: MatrixCode, number: Int, sequencer: MatrixSequencer) extends Area {
  private val prefix = s"lane$number"
  private val filling = sequencer.filling.get
  private val look = code.code.longest
  private val lengths = code.code.lengths.asScala.map(_.toInt).toSeq

  private val words = code.image(number).asScala.map(BigInt(_)).toSeq
  private val place = Reg(UInt(log2Up(IMAGE_BITS) bits)).init(0).setName(prefix + "_place")
  private val takes = Bool().setName(prefix + "_takes")
  private val at = Reg(UInt(log2Up(words.size) bits)).init(0).setName(prefix + "_image_at")
  private val ahead = Rom.memory(prefix + "_image", words, IMAGE_BITS).readSync(at, takes).setName(prefix + "_ahead")
  private val next = RegNextWhen(ahead, takes).setName(prefix + "_second")
  private val current = RegNextWhen(next, takes).setName(prefix + "_first")
  when(takes)(at := at + 1)
  when(sequencer.restarting)(at := 0)

  private val both = (current ## next).setName(prefix + "_both")
  private val bits = Vec((0 until IMAGE_BITS).map(p => both(2 * IMAGE_BITS - 1 - p downto 2 * IMAGE_BITS - look - p)))(place)
    .asUInt
    .setName(prefix + "_bits")
  private val below = lengths.map { length =>
    val limit = code.code.limit(length)
    (if (length == look) True else bits < limit).setName(s"${prefix}_below$length")
  }
  private val is = below.indices.map { i =>
    (if (i == 0) below(i) else below(i) && !below(i - 1)).setName(s"${prefix}_is${lengths(i)}")
  }
  private val places = lengths.map(length => (place +^ length).resize(log2Up(IMAGE_BITS) + 1 bits))
  private val after = choose(is, places).setName(prefix + "_after")
  when(sequencer.decoding)(place := after.resized)
  when(sequencer.restarting)(place := 0)
  takes := filling.loading || (sequencer.decoding && after.msb)

  // The rank of a word of this length is the word and a constant.
  private val rankBits = math.max(1, log2Up(code.code.size))
  private val seen = RegNextWhen(bits, sequencer.decoding).setName(prefix + "_seen")
  private val ranks = is.zip(lengths).map { case (found, length) =>
    val was = RegNextWhen(found, sequencer.decoding).setName(s"${prefix}_was$length")
    val offset = code.code.base(length) - code.code.first(length)
    val word = seen(look - 1 downto look - length).setName(s"${prefix}_word$length")
    was -> (word.resize(rankBits bits) + U(Rom.wrap(offset, rankBits), rankBits bits))
  }
  private val rank =
    RegNextWhen(choose(ranks.map(_._1), ranks.map(_._2)), sequencer.decoding).setName(prefix + "_rank")

  /** The symbol of the step that was current so many cycles ago as [[MatrixDecoder.SYMBOL]] says. */
  val symbol: Bits = {
    val table = code.table
    if (table.isConstant) Rom.constant(table.entries.get(0), table.width)
    else {
      val entries = table.entries.asScala.map(BigInt(_)).toSeq
      RegNext(Rom.memory(prefix + "_symbol", entries, table.width).readSync(rank).setName(prefix + "_symbol_read"))
        .setName(prefix + "_symbol")
    }
  }

  private def choose(which: Seq[Bool], values: Seq[UInt]): UInt =
    which.zip(values).map { case (is, value) => is ? value | U(0, value.getWidth bits) }.reduce(_ | _)
}

private[matrix] object MatrixDecoder {

  /** Cycles from a step until its symbol is there. */
  val SYMBOL: Int = 2
}
