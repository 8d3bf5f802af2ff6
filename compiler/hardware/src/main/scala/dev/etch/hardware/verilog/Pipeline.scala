// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog

import dev.etch.hardware.memory.{ConstantTable, Memory}
import spinal.core._

import scala.jdk.CollectionConverters._

/** Registers between the stages of an arithmetic pipeline.
  *
  * @param enable
  *   whether the registers at the end of a stage take a new value, by number of the stage
  * @param memories
  *   makes those of its tables
  */
final class Pipeline(prefix: String, enable: Int => Option[Bool], memories: WordMemories) {

  /** A register at the end of `stage`. */
  def register[T <: Data](stage: Int, name: String, value: T): T = {
    val stored = enable(stage) match {
      case Some(moves) => RegNextWhen(value, moves)
      case None        => RegNext(value)
    }
    stored.setName(s"${prefix}_${name}_" + (if (stage < 0) s"early${-stage}" else stage))
  }

  /** Gives a value a name, if it has none; with a number behind it if another value has that name. */
  def name[T <: Data](value: T, name: String): T =
    if (value.isNamed) value else value.setName(s"${prefix}_$name", weak = true)

  /** The value at the end of stage `from` brought to the end of stage `to`. */
  def delay[T <: Data](value: T, from: Int, to: Int, name: String): T =
    (from + 1 to to).foldLeft(value)((v, stage) => register(stage, name, v))

  /** A read-only memory, or a constant. A memory that may be a block has one more register behind it.
    *
    * @param address
    *   at the end of a stage
    */
  def rom(table: ConstantTable, address: Int => UInt): Bits =
    if (table.isConstant) constant(table)
    else if (Memory.isBlock(table.entries.size, table.width)) {
      val word = read(table, table.stage - 1, address(table.stage - 2)).setName(s"${prefix}_${table.name}_read")
      register(table.stage, table.name, word)
    } else rom(table, address(table.stage - 1))

  /** A read-only memory, or a constant.
    *
    * @param address
    *   at the end of the stage before the table's
    */
  def rom(table: ConstantTable, address: UInt): Bits =
    if (table.isConstant) constant(table)
    else read(table, table.stage, address).setName(s"${prefix}_${table.name}")

  private def constant(table: ConstantTable): Bits = Rom.constant(table.entries.get(0), table.width)

  private def read(table: ConstantTable, stage: Int, address: UInt): Bits = {
    val entries = table.entries.asScala.map(BigInt(_)).toSeq
    val memory = memories.memory(s"${prefix}_${table.name}", entries, table.width, table.loaded)
    val place = name(address, table.name + "_place")
    enable(stage) match {
      case Some(moves) => memory.readSync(place, moves)
      case None        => memory.readSync(place)
    }
  }
}

/** Sums of many numbers, modulo 2 to the `width`: balanced trees of two-input adders, spread evenly
  * over pipeline stages.
  */
object AdderTree {

  /** Stages of so many rows if each has one adder. */
  def leastStages(rows: Int): Int = math.max(1, log2Up(math.max(rows, 1)))

  /** Sum of `rows`, which stand at the end of stage `from`, at the end of stage `to`. */
  def apply(pipeline: Pipeline, rows: Seq[SInt], width: Int, from: Int, to: Int, name: String = "sum"): SInt = {
    val levels = log2Up(math.max(rows.size, 1))
    val stages = to - from
    def named(numbers: Seq[SInt], what: String) = numbers.zipWithIndex.map { case (number, i) =>
      pipeline.name(number, s"${name}_$what$i")
    }
    var values = if (rows.isEmpty) Seq(S(0, 1 bits)) else named(rows, "row")
    var done = 0
    for (stage <- 1 to stages) {
      val target = (levels * stage + stages - 1) / stages
      while (done < target) {
        done += 1
        values = level(values, width)
        if (done < target) values = named(values, s"level${done}_")
      }
      values = values.zipWithIndex.map { case (value, i) =>
        val register = pipeline.register(from + stage, name + i, value)
        // Low bits that nothing is added to would shift, three registers long.
        if (stage > 1) Shifting.keepApart(register) else register
      }
    }
    if (values.head.getWidth == width) values.head else pipeline.name(values.head.resize(width bits), s"${name}_total")
  }

  private def level(values: Seq[SInt], width: Int): Seq[SInt] =
    values.grouped(2).map(add(_, width)).toSeq

  private def add(values: Seq[SInt], width: Int): SInt = {
    val bits = math.min(width, values.map(_.getWidth).max + (if (values.size == 1) 0 else 1))
    values.map(_.resize(bits bits)).reduce(_ + _)
  }
}
