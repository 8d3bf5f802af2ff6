// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog

import dev.etch.hardware._
import dev.etch.tensor.IntegerType

import scala.jdk.CollectionConverters._
import scala.util.Random

/** Small designs for tests. */
object Designs {

  /** A design of one unit, with all inputs fed from one stream if there are several. */
  def of(unit: Unit, depth: Int = 4): Design = {
    val streams = unit.inputs.asScala ++ unit.outputs.asScala
    val depths = new java.util.LinkedHashMap[Stream, Integer]()
    streams.foreach(depths.put(_, depth))
    new Design("top", java.util.List.of(unit), depths, unit.inputs.get(0), unit.outputs.get(0))
  }

  /** A design of several units. */
  def chain(input: Stream, output: Stream, depth: Int, units: Unit*): Design = {
    val depths = new java.util.LinkedHashMap[Stream, Integer]()
    depths.put(input, depth)
    units.foreach(_.outputs.asScala.foreach(depths.put(_, depth)))
    new Design("top", units.asJava, depths, input, output)
  }

  /** Window units one behind the other, with names of their own; each reads what the one before made. */
  def joined(units: Seq[WindowUnit]): Seq[WindowUnit] =
    units.zipWithIndex.scanLeft(Option.empty[WindowUnit]) { case (before, (unit, number)) =>
      val input = before.map(_.output).getOrElse(unit.input)
      val output = new Stream(s"stream_$number", unit.output.`type`, unit.output.beatsPerFrame)
      Some(new WindowUnit(
        s"conv_$number", unit.layer, input, output, unit.buffer, unit.walk, unit.operation, unit.program,
        unit.accumulator, unit.requantizer, unit.block, unit.reorderPixels, unit.packing, unit.memory))
    }.flatten

  def stream(name: String, elements: Int, element: IntegerType, beats: Int) =
    new Stream(name, new StreamType(elements, element), beats)

  def values(random: Random, element: IntegerType, count: Int): Seq[Int] =
    Seq.fill(count)(random.between(element.minimum, element.maximum + 1).toInt)
}
