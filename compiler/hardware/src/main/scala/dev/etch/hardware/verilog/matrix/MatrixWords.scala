// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.matrix

import dev.etch.hardware.{MatrixCode, MatrixCodebook}
import dev.etch.hardware.MatrixNetlist.{DISTANCE, OPERAND}
import dev.etch.hardware.verilog.{Columns, Delay, Rom}
import spinal.core._

import scala.jdk.CollectionConverters._

/** What a lane does in a step, see [[dev.etch.hardware.MatrixProgram.Lane]]. */
private[matrix] trait MatrixWords {

  /** From the position before, [[DISTANCE]] cycles after the step. */
  def distance: UInt

  /** The factor, [[OPERAND]] cycles after the step. */
  def weight: SInt
}

/** Words as the schedule has them. */
private[matrix] final class PlainWords(columns: Columns, prefix: String) extends MatrixWords {
  val distance: UInt = columns(prefix + "_distance").asUInt
  val weight: SInt = columns(prefix + "_weight").asSInt
}

/** Words whose weights are indices of a table. */
private[matrix] final class IndexedWords(codebook: MatrixCodebook, columns: Columns, prefix: String) extends MatrixWords {
  private val table = codebook.table
  private val entries = table.entries.asScala.map(BigInt(_)).toSeq
  private val index = columns(prefix + "_index").asUInt
  private val read = Rom.memory(s"${prefix}_${table.name}", entries, table.width).readSync(index).setName(prefix + "_value")
  val distance: UInt = columns(prefix + "_distance").asUInt
  val weight: SInt = Delay.data(read, OPERAND - DISTANCE - 1, prefix + "_weight").asSInt
}

/** Words whose high bits come from a decoder, the others from the schedule or from behind the code words. */
private[matrix] final class CodedWords(code: MatrixCode, columns: Columns, decoder: MatrixDecoder, prefix: String)
    extends MatrixWords {
  private val symbol = Delay.data(decoder.symbol, DISTANCE - MatrixDecoder.SYMBOL, prefix + "_symbol")
  private val high = Delay.data(symbol(code.distanceHigh, code.weightHigh bits), OPERAND - DISTANCE, prefix + "_weight_high")
  val distance: UInt = {
    val parts = Seq(code.distanceHigh -> symbol.resize(code.distanceHigh), code.distanceLow -> low(CodedWords.DistanceName, code.distanceLow))
    parts.collect { case (bits, part) if bits > 0 => part }.reduce(_ ## _).asUInt.setName(prefix + "_moves")
  }
  val weight: SInt =
    (if (code.weightLow > 0) high ## low("_weight", code.weightLow) else high).asSInt.setName(prefix + "_weight_whole")

  private def low(name: String, bits: Int): Bits =
    if (bits == 0) B(0, 0 bits) else if (code.behind == 0) columns(prefix + name) else behind(name, bits)

  private def behind(name: String, bits: Int): Bits = {
    val there = Delay.data(decoder.low, DISTANCE - MatrixDecoder.SYMBOL, prefix + "_low_distance")
    if (name == CodedWords.DistanceName) there(code.weightLow, bits bits)
    else Delay.data(there(bits - 1 downto 0).setName(prefix + "_low_of_weight"), OPERAND - DISTANCE, prefix + "_low_weight")
  }
}

private object CodedWords {
  val DistanceName = "_distance"
}
