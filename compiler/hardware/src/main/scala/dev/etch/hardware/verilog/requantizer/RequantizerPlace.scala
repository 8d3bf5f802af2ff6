// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.requantizer

import dev.etch.hardware.PipelineStages.{REQUANTIZER, SUM}
import dev.etch.hardware.arithmetic.TieRule
import dev.etch.hardware.memory.ConstantTable
import dev.etch.hardware.requantizer.RequantizerTables
import dev.etch.hardware.verilog.Pipeline
import spinal.core._

import scala.jdk.CollectionConverters._

/** What a requantizer is made of besides its form.
  *
  * @param pipeline
  *   makes the registers
  * @param tables
  *   constants of the form
  * @param channels
  *   the channel of each index
  * @param index
  *   which channel, from two stages before `accumulator` on, which is an output of stage 0
  * @param accumulator
  *   the number to requantize
  * @param range
  *   smallest and largest accumulator
  * @param resultBits
  *   of the output element
  */
final class RequantizerPlace(
    val pipeline: Pipeline,
    tables: RequantizerTables,
    channels: Seq[Int],
    val index: ChannelIndex,
    val accumulator: SInt,
    val range: (BigInt, BigInt),
    val resultBits: Int
) {

  /** The memory of that name. */
  def table(name: String): ConstantTable = tables.get(name)

  /** Whether the form has a memory of that name. */
  def has(name: String): Boolean = table(name) != null

  /** A constant of the channel whose accumulator stands at the end of the table's stage. */
  def bits(name: String): Bits = pipeline.rom(table(name), index(_))

  /** The same of a memory that has another one for what a word of the bus has no room for, if it is wider. */
  def wide(name: String): Bits = {
    val high = name + "_high"
    if (has(high)) bits(high) ## bits(name) else bits(name)
  }

  /** The same as a signed number. */
  def constant(name: String): SInt = wide(name).asSInt

  /** The entry of each index, of one entry a channel or one for all. */
  def each[T](entries: Seq[T]): Seq[T] =
    channels.map(channel => entries(if (entries.size == 1) 0 else channel))

  /** The number of each index, likewise. */
  def numbers(entries: java.util.List[java.lang.Long]): Seq[BigInt] =
    each(entries.asScala.map(v => BigInt(v.longValue)).toSeq)

  /** How many accumulators or thresholds each index has, likewise. */
  def sizes(entries: java.util.List[java.util.List[java.lang.Long]]): Seq[Int] =
    each(entries.asScala.map(_.size).toSeq)

  /** The output element of a sum that stands at the end of stage [[SUM]], see [[Finish.scaled]]. */
  def finish(
      sum: SInt,
      bounds: (BigInt, BigInt),
      shift: Int,
      tieRule: TieRule,
      low: BigInt,
      high: BigInt,
      from: Int = SUM
  ): Bits =
    new Finish(pipeline, from, REQUANTIZER).scaled(sum, bounds, shift, tieRule, low, high, resultBits)
}
