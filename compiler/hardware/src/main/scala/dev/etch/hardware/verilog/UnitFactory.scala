// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog

import dev.etch.hardware.requantizer.Table
import dev.etch.hardware.verilog.matrix.MatrixHardware
import dev.etch.hardware.verilog.window.{ArrayPort, StageTable, WindowBox}
import dev.etch.hardware.{
  AddUnit,
  ArgMaxUnit,
  ConcatUnit,
  ConstantUnit,
  ForkUnit,
  LoadMap,
  MapUnit,
  MatrixUnit,
  MultiplyUnit,
  SelectUnit,
  SoftmaxUnit,
  Unit => HardwareUnit,
  WidthUnit,
  WindowUnit
}
import spinal.core._
import spinal.lib.{Stream => BeatStream}

/** A unit's hardware, with its queues' ends in the order of the unit's inputs and outputs, and what
  * joins it to the array that it shares, if it does.
  */
final case class Built(
    component: Component,
    inputs: Seq[BeatStream[Bits]],
    outputs: Seq[BeatStream[Bits]],
    array: Option[ArrayPort] = None,
    load: Option[LoadPort] = None,
    words: Option[WordPort] = None
)

/** Makes the hardware of each kind of unit; of windows the outside only, see [[VerilogGenerator]].
  *
  * @param shares
  *   whether the unit shares its multipliers
  * @param loads
  *   its memories that the host loads
  */
final class UnitFactory(moduleName: String, shares: Boolean, loads: LoadMap)
    extends HardwareUnit.Visitor[Built] {
  override def window(unit: WindowUnit): Built = {
    val made = new WindowBox(unit, moduleName, shares, loads)
    Built(made, Seq(made.input), Seq(made.output), made.array, made.load, made.words)
  }

  override def matrix(unit: MatrixUnit): Built = {
    val made = new MatrixHardware(unit, moduleName, loads)
    Built(made, Seq(made.input), Seq(made.output), None, made.load, made.words)
  }

  override def map(unit: MapUnit): Built = {
    val made = new MapHardware(unit, moduleName, loads)
    Built(made, Seq(made.input), Seq(made.output), None, made.load)
  }

  override def add(unit: AddUnit): Built = {
    val made = new AddHardware(unit, moduleName)
    Built(made, Seq(made.left, made.right), Seq(made.output))
  }

  override def multiply(unit: MultiplyUnit): Built = {
    val made = new MultiplyHardware(unit, moduleName, loads)
    Built(made, Seq(made.left, made.right), Seq(made.output), None, made.load)
  }

  override def select(unit: SelectUnit): Built = {
    val made = new SelectHardware(unit, moduleName)
    Built(made, Seq(made.input), Seq(made.output))
  }

  override def fork(unit: ForkUnit): Built = {
    val made = new ForkHardware(unit, moduleName)
    Built(made, Seq(made.input), made.copies.toSeq)
  }

  override def concat(unit: ConcatUnit): Built = {
    val made = new ConcatHardware(unit, moduleName)
    Built(made, made.parts.toSeq, Seq(made.output))
  }

  override def constant(unit: ConstantUnit): Built = {
    val made = new ConstantHardware(unit, moduleName)
    Built(made, Seq(made.input), Seq(made.output))
  }

  override def width(unit: WidthUnit): Built =
    if (unit.input.`type`.elements > unit.output.`type`.elements) {
      val made = new NarrowHardware(unit, moduleName)
      Built(made, Seq(made.input), Seq(made.output))
    } else {
      val made = new WidenHardware(unit, moduleName)
      Built(made, Seq(made.input), Seq(made.output))
    }

  override def argMax(unit: ArgMaxUnit): Built = {
    val made = new ArgMaxHardware(unit, moduleName)
    Built(made, Seq(made.input), Seq(made.output))
  }

  override def softmax(unit: SoftmaxUnit): Built = {
    val made = new SoftmaxHardware(unit, moduleName)
    Built(made, Seq(made.input), Seq(made.output))
  }
}

/** How a unit is folded, in a line, and the stages of a window. */
object Folding extends HardwareUnit.Visitor[String] {
  override def window(unit: WindowUnit): String = {
    val program = unit.program
    s"${unit.operation.toString.toLowerCase.replace('_', ' ')}: ${program.lanes} lanes in " +
      s"${program.clusters.size} clusters, ${program.steps} steps a pixel, " +
      s"${program.usefulSteps} of ${program.steps.toLong * program.lanes} useful; " +
      s"${unit.walk.pixels} pixels a frame, ${program.outputsPerCluster} outputs a cluster\n\n${StageTable.text}"
  }

  override def matrix(unit: MatrixUnit): String = {
    val program = unit.program
    s"matrix: ${program.lanes.size} lanes in ${program.outputs.size} clusters, ${program.steps} steps a frame, " +
      s"${program.products} of ${program.steps.toLong * program.lanes.size} useful; ${unit.elements} elements, " +
      (if (unit.beatElements > 1) s"${unit.beatElements} a beat, " else "") +
      s"${program.outputsPerCluster} outputs a cluster, distances of ${program.distanceBits} bits"
  }

  override def map(unit: MapUnit): String = elementwise(
    if (unit.requantizer.isInstanceOf[Table]) "table" else "requantization",
    unit.input
  )

  override def add(unit: AddUnit): String = elementwise("addition", unit.left)
  override def multiply(unit: MultiplyUnit): String = elementwise("multiplication", unit.left)

  override def select(unit: SelectUnit): String =
    s"${unit.rows.size} rows of ${unit.columns.size * unit.places.size} beats, " +
      s"from ${unit.inputRows} of ${unit.rowBeats}"

  override def fork(unit: ForkUnit): String = s"fork to ${unit.copies.size}"
  override def concat(unit: ConcatUnit): String = s"concatenation of ${unit.parts.size}"

  override def constant(unit: ConstantUnit): String =
    s"${unit.table.entries.size} constant beats, repeated"

  override def width(unit: WidthUnit): String =
    s"${unit.input.`type`.elements} to ${unit.output.`type`.elements} elements a beat"

  override def softmax(unit: SoftmaxUnit): String = s"softmax over ${unit.elements}"
  override def argMax(unit: ArgMaxUnit): String = s"index of the largest of ${unit.elements}"

  private def elementwise(what: String, stream: dev.etch.hardware.Stream) =
    s"$what, ${stream.`type`.elements} elements a cycle"
}
