// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog

import dev.etch.hardware.Program.{Cluster, Drain, Lane, Step}
import dev.etch.hardware.WindowBuffer.Banks
import dev.etch.hardware.WindowUnit.Operation
import dev.etch.hardware._
import dev.etch.hardware.requantizer.Requantizer
import dev.etch.tensor.IntegerType

import scala.jdk.CollectionConverters._
import scala.util.Random

/** A product of an output: element of a beat, counted from the window's origin, times a weight. */
final case class Term(address: Int, element: Int, weight: Int)

/** A window unit and, apart from its schedule, what it has to calculate.
  *
  * @param terms
  *   the terms of each channel
  */
final case class Window(unit: WindowUnit, terms: Seq[Seq[Term]]) {

  /** The outputs of a frame, from the terms and not from the program. */
  def expected(frame: Seq[Int]): Seq[Int] = {
    val buffer = unit.buffer
    val elements = unit.input.`type`.elements
    val padded = for {
      row <- 0 until buffer.paddedHeight
      column <- 0 until buffer.paddedWidth
      beat <- 0 until buffer.beatsPerPixel
      element <- 0 until elements
    } yield {
      val (r, c) = (row - buffer.padTop, column - buffer.padLeft)
      if (r < 0 || r >= buffer.height || c < 0 || c >= buffer.width) buffer.padValue
      else frame(((r * buffer.width + c) * buffer.beatsPerPixel + beat) * elements + element)
    }
    for {
      row <- 0 until unit.walk.outputHeight
      column <- 0 until unit.walk.outputWidth
      (list, channel) <- terms.zipWithIndex
    } yield {
      val origin = row * ((unit.walk.outputWidth - 1) * unit.walk.pixelStep + unit.walk.rowStep) +
        column * unit.walk.pixelStep
      val values = list.map(t => padded((origin + t.address) * elements + t.element).toLong * t.weight)
      val accumulator =
        if (values.isEmpty) 0L
        else if (unit.operation == Operation.MAXIMUM) values.max
        else values.sum
      unit.requantizer.apply(channel, accumulator).toInt
    }
  }
}

/** Geometry of a convolution in a test. */
final case class Geometry(
    height: Int,
    width: Int,
    beatsPerPixel: Int,
    elements: Int,
    kernel: Int,
    stride: Int,
    pad: Int
) {
  def paddedWidth: Int = width + 2 * pad
  def paddedHeight: Int = height + 2 * pad
  def outputHeight: Int = (paddedHeight - kernel) / stride + 1
  def outputWidth: Int = (paddedWidth - kernel) / stride + 1
  def rowBeats: Int = paddedWidth * beatsPerPixel
  def span: Int = (kernel - 1) * rowBeats + kernel * beatsPerPixel
  def positions: Seq[(Int, Int)] = for {
    row <- 0 until kernel
    column <- 0 until kernel
    beat <- 0 until beatsPerPixel
    element <- 0 until elements
  } yield (row * rowBeats + column * beatsPerPixel + beat, element)

  def walk: WindowWalk = {
    val pixelStep = stride * beatsPerPixel
    val rowStep = stride * rowBeats - (outputWidth - 1) * pixelStep
    val total = paddedHeight * rowBeats
    val frameStep = total - (outputHeight - 1) * stride * rowBeats - (outputWidth - 1) * pixelStep
    new WindowWalk(outputHeight, outputWidth, pixelStep, rowStep, frameStep, span)
  }
}

/** Makes window units with valid, irregular schedules. */
object Windows {

  def make(
      geometry: Geometry,
      terms: Seq[Seq[Term]],
      clusters: Int,
      lanes: Int,
      operation: Operation,
      input: IntegerType,
      output: IntegerType,
      requantizer: Requantizer,
      accumulator: IntegerType,
      padValue: Int = 0,
      reorderPixels: Int = 2,
      slack: Int = 0,
      random: Random = new Random(1),
      products: Int = 1
  ): Window = {
    val outputs = terms.size / clusters
    val lists = (0 until clusters).map(c => (0 until outputs).map(k => terms(c + k * clusters)))
    val least = lists.map(l => (l.map(_.size).sum + lanes - 1) / lanes).max.max(outputs).max(1)
    val program = Iterator
      .from(least + slack)
      .map(steps => (steps, lists.map(cluster(_, lanes, steps, random))))
      .collectFirst {
        case (steps, made) if made.forall(_.isDefined) =>
          new Program(steps, made.map(_.get).asJava, outputs, java.util.Optional.empty())
      }
      .get
    val walk = geometry.walk
    val depth = Integer.highestOneBit(geometry.span * 2 - 1).max(2)
    val buffer = new WindowBuffer(
      geometry.height,
      geometry.width,
      geometry.pad,
      geometry.pad,
      geometry.pad,
      geometry.pad,
      padValue,
      geometry.beatsPerPixel,
      depth,
      Banks.NONE
    )
    val from = Designs.stream(
      "input",
      geometry.elements,
      input,
      geometry.height * geometry.width * geometry.beatsPerPixel
    )
    val to = Designs.stream("output", clusters, output, walk.pixels * outputs)
    val unit = new WindowUnit(
      "conv",
      "test/conv",
      from,
      to,
      buffer,
      walk,
      operation,
      program,
      accumulator,
      requantizer,
      1,
      reorderPixels,
      new Packing(products, Packing.Common.ELEMENT),
      java.util.Optional.empty()
    )
    Window(unit, terms)
  }

  /** Cuts the terms of all outputs, laid end to end, into equal pieces, puts random idle steps in
    * between, and drains each part as early as possible; nothing if the drains do not fit.
    */
  private def cluster(outputs: Seq[Seq[Term]], lanes: Int, steps: Int, random: Random): Option[Cluster] = {
    val flat = for ((list, o) <- outputs.zipWithIndex; term <- list) yield (o, term)
    val size = (flat.size + lanes - 1) / lanes
    val pieces = if (flat.isEmpty) Seq() else flat.grouped(size).toSeq
    val placed = (0 until lanes).map { l =>
      val piece = if (l < pieces.size) pieces(l) else Seq()
      val slots = random.shuffle((0 until steps).toVector).take(piece.size).sorted
      slots.zip(piece)
    }
    if (placed.exists(p => p.size > steps)) return None
    val laneSteps = placed.map { list =>
      val ends = list.indices.filter(i => i + 1 == list.size || list(i + 1)._2._1 != list(i)._2._1)
      val row = Array.fill(steps)(Step.IDLE)
      for (((slot, (_, term)), i) <- list.zipWithIndex) {
        row(slot) = new Step(term.address, term.element, term.weight, ends.contains(i))
      }
      (row.toSeq, ends.map(i => (list(i)._1, list(i)._2._1)))
    }
    drains(outputs.size, laneSteps.map(_._2), steps)
      .map(d => new Cluster(laneSteps.map(l => new Lane(l._1.asJava)).asJava, d.asJava))
  }

  /** @param parts (slot of its end, output) of each lane's parts */
  private def drains(outputs: Int, parts: Seq[Seq[(Int, Int)]], steps: Int): Option[Seq[Drain]] = {
    val table = Array.fill(steps)(Drain.IDLE)
    val byOutput = (0 until outputs).map { o =>
      for ((lane, l) <- parts.zipWithIndex; (end, output) <- lane if output == o) yield {
        val later = lane.map(_._1).filter(_ > end)
        (l, end + 1, if (later.isEmpty) steps + lane.head._1 else later.min)
      }
    }
    var clock = 0
    val order = byOutput.indices.sortBy(o => byOutput(o).map(_._2).maxOption.getOrElse(0))
    for (o <- order) {
      val needed = if (byOutput(o).isEmpty) Seq((-1, 0, 2 * steps)) else byOutput(o).sortBy(_._2)
      for (((lane, from, until), i) <- needed.zipWithIndex) {
        val slot = Iterator.from(math.max(clock, from)).find(s => s >= 2 * steps || table(s % steps).idle).get
        if (slot > until || slot >= 2 * steps) return None
        table(slot % steps) = Drain.of(lane, i == 0, i == needed.size - 1, o, slot >= steps)
        clock = slot + 1
      }
    }
    Some(table.toSeq)
  }
}
