// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog

import dev.etch.hardware.arithmetic.SignedDigits
import dev.etch.hardware.memory.ConstantTable
import dev.etch.hardware.verilog.requantizer.{Finish, ShiftAdd}
import dev.etch.hardware.{AddUnit, PipelineStages, Sum, SumTables}
import dev.etch.tensor.IntegerType
import spinal.core._
import spinal.lib.{master, slave, Stream => BeatStream}

import scala.jdk.CollectionConverters._

/** An [[AddUnit]]. */
final class AddHardware(unit: AddUnit, moduleName: String) extends Component {
  setDefinitionName(moduleName)
  private val elementTypes = (unit.left.`type`.element, unit.right.`type`.element)
  private val to = unit.output.`type`
  val left = slave(BeatStream(Bits(unit.left.`type`.bits bits)))
  val right = slave(BeatStream(Bits(unit.right.`type`.bits bits)))
  val output = master(BeatStream(Bits(to.bits bits)))

  val stages = new ElasticPipeline(left.valid && right.valid, output.ready)
  left.ready := stages.ready && right.valid
  right.ready := stages.ready && left.valid
  output.valid := stages.valid

  output.payload := Cat((0 until to.elements).map { i =>
    val pipeline = stages.pipeline("element" + i, first = 1)
    unit.sum match {
      case linear: Sum.Linear => add(pipeline, i, linear)
      case tables: Sum.Tables => add(pipeline, i, tables)
    }
  })

  private def add(pipeline: Pipeline, i: Int, sum: Sum.Linear): Bits = {
    val (leftType, rightType) = elementTypes
    val a = pipeline.delay(Elements.signed(left.payload, i, leftType), -2, 0, "left")
    val b = pipeline.delay(Elements.signed(right.payload, i, rightType), -2, 0, "right")
    val products = ShiftAdd.rows(a, sum.leftMultiplier) ++ ShiftAdd.rows(b, sum.rightMultiplier)
    val constant = rest(sum.leftMultiplier) + rest(sum.rightMultiplier) + sum.offset
    val constantRow =
      if (constant == 0) Seq() else Seq(S(constant, Rom.signedBits(constant, constant) bits))
    val (l, r) = (scaled(leftType, sum.leftMultiplier), scaled(rightType, sum.rightMultiplier))
    val bounds = (l._1 + r._1 + sum.offset, l._2 + r._2 + sum.offset)
    val width = Finish.width(bounds, sum.shift)
    val stages = PipelineStages.SUM
    val rows = products ++ constantRow
    val total = AdderTree(pipeline, if (rows.isEmpty) Seq(S(0, 1 bits)) else rows, width, 0, stages)
    new Finish(pipeline, stages, PipelineStages.REQUANTIZER)
      .scaled(total, bounds, sum.shift, sum.tieRule, sum.low, sum.high, to.element.bits)
  }

  private def add(pipeline: Pipeline, i: Int, sum: Sum.Tables): Bits = {
    val leftTable = sum.leftTable.asScala.map(v => BigInt(v.longValue)).toSeq
    val rightTable = sum.rightTable.asScala.map(v => BigInt(v.longValue)).toSeq
    val tables = SumTables.of(unit, sum)
    val a = look(pipeline, tables.left, raw(left.payload, i, elementTypes._1))
    val b = look(pipeline, tables.right, raw(right.payload, i, elementTypes._2))
    val bounds = (leftTable.min + rightTable.min, leftTable.max + rightTable.max)
    val width = Finish.width(bounds, sum.shift)
    val stages = PipelineStages.SUM
    val total = AdderTree(pipeline, Seq(a, b), width, 0, stages)
    new Finish(pipeline, stages, PipelineStages.REQUANTIZER)
      .scaled(total, bounds, sum.shift, sum.tieRule, sum.low, sum.high, to.element.bits)
  }

  private def look(pipeline: Pipeline, table: ConstantTable, operand: UInt): SInt =
    pipeline.rom(table, stage => pipeline.delay(operand, -2, stage, table.name + "_operand")).asSInt

  /** What is missing to the rows of a product. */
  private def rest(factor: BigInt): BigInt = BigInt(SignedDigits.canonicalRest(factor.bigInteger))

  private def raw(payload: Bits, i: Int, operand: IntegerType): UInt = Elements.raw(payload, i, operand).asUInt

  private def scaled(operand: IntegerType, factor: BigInt): (BigInt, BigInt) = {
    val (low, high) = Elements.range(operand)
    val ends = Seq(low * factor, high * factor)
    (ends.min, ends.max)
  }
}
