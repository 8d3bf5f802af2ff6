// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog

import dev.etch.hardware.{AddUnit, Sum}
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
    val pipeline = stages.pipeline("element" + i)
    unit.sum match {
      case linear: Sum.Linear => add(pipeline, i, linear)
      case tables: Sum.Tables => add(pipeline, i, tables)
    }
  })

  private def add(pipeline: Pipeline, i: Int, sum: Sum.Linear): Bits = {
    val (leftType, rightType) = elementTypes
    val a = pipeline.register(0, "left", Elements.signed(left.payload, i, leftType))
    val b = pipeline.register(0, "right", Elements.signed(right.payload, i, rightType))
    val (leftRows, leftRest) = ShiftAdd.rows(a, sum.leftMultiplier)
    val (rightRows, rightRest) = ShiftAdd.rows(b, sum.rightMultiplier)
    val constant = leftRest + rightRest + sum.offset
    val constantRow =
      if (constant == 0) Seq() else Seq(S(constant, Rom.signedBits(constant, constant) bits))
    val (l, r) = (scaled(leftType, sum.leftMultiplier), scaled(rightType, sum.rightMultiplier))
    val bounds = (l._1 + r._1 + sum.offset, l._2 + r._2 + sum.offset)
    val width = Finish.width(bounds, sum.shift)
    val stages = RequantizerPipeline.SumStages
    val rows = leftRows ++ rightRows ++ constantRow
    val total = AdderTree(pipeline, if (rows.isEmpty) Seq(S(0, 1 bits)) else rows, width, 0, stages)
    new Finish(pipeline, stages, RequantizerPipeline.Stages)
      .scaled(total, bounds, sum.shift, sum.tieRule, sum.low, sum.high, to.element.bits)
  }

  private def add(pipeline: Pipeline, i: Int, sum: Sum.Tables): Bits = {
    val leftTable = sum.leftTable.asScala.map(v => BigInt(v.longValue)).toSeq
    val rightTable = sum.rightTable.asScala.map(v => BigInt(v.longValue)).toSeq
    val (leftType, rightType) = elementTypes
    val a = lookUp(pipeline, "left", left.payload, i, leftType, leftTable, sum.leftLow)
    val b = lookUp(pipeline, "right", right.payload, i, rightType, rightTable, sum.rightLow)
    val bounds = (leftTable.min + rightTable.min, leftTable.max + rightTable.max)
    val width = Finish.width(bounds, sum.shift)
    val stages = RequantizerPipeline.SumStages
    val total = AdderTree(pipeline, Seq(a, b), width, 0, stages)
    new Finish(pipeline, stages, RequantizerPipeline.Stages)
      .scaled(total, bounds, sum.shift, sum.tieRule, sum.low, sum.high, to.element.bits)
  }

  /** A table addressed by the raw bits of the operand, so that no subtraction is in the way. */
  private def lookUp(
      pipeline: Pipeline,
      name: String,
      payload: Bits,
      i: Int,
      operand: IntegerType,
      table: Seq[BigInt],
      low: Int
  ): SInt = {
    val width = Rom.signedBits(table.min, table.max)
    val entries = (0 until (1 << operand.bits)).map { raw =>
      val value = if (operand.signed && raw > operand.maximum) raw - (1 << operand.bits) else raw
      table((value - low).max(0).min(table.size - 1))
    }
    pipeline.rom(0, name, entries, width, Elements.raw(payload, i, operand).asUInt).asSInt
  }

  private def scaled(operand: IntegerType, factor: BigInt): (BigInt, BigInt) = {
    val (low, high) = Elements.range(operand)
    val ends = Seq(low * factor, high * factor)
    (ends.min, ends.max)
  }
}
