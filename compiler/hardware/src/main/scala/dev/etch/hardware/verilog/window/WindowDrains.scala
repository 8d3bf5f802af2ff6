// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.window

import dev.etch.hardware.Program.{Cluster, Drain}
import dev.etch.hardware.WindowUnit
import dev.etch.hardware.verilog.{Columns, Pipeline, RequantizerPipeline}
import spinal.core._

import scala.jdk.CollectionConverters._

/** Drains, requantizers and the reorder memory. A drain in the slot of cycle t takes a holding
  * register in t + 5, adds in t + 6, and the sum enters the requantizer in t + 7.
  */
final class WindowDrains(
    unit: WindowUnit,
    sequencer: WindowSequencer,
    lanes: WindowLanes,
    columns: Columns
) extends Area {
  private val schedule = new Schedule(unit.program)
  private def clusters = schedule.clusters
  private val outputBits = log2Up(unit.program.outputsPerCluster)
  private val elementBits = unit.output.`type`.element.bits
  private val pipeline = (name: String) => new Pipeline(name, _ => None)

  private val flushing =
    if (unit.program.tail > 0) Delay(sequencer.flushing, 5, "flushing") else False
  private val chained = Delay.data(sequencer.chained, 5, "chained")
  private val place = Delay.data(sequencer.place, 5, "place")

  /** Whether the pixel's last output enters the requantizer's last register in this cycle. */
  val completing = Delay(lastDrain, WindowUnit.COMPLETION_DELAY - 1, "completing")

  private val firstLanes = clusters.scanLeft(0)(_ + _.lanes.size)
  private val memories = timings.zipWithIndex.map { case ((timing, members), number) =>
    (members, collect(timing, members, s"drain$number"))
  }

  /** The elements of a beat: output `beat` of every cluster, of the pixel at `place`. */
  def read(place: UInt, beat: UInt): Bits = {
    val elements = memories.flatMap { case (members, memory) =>
      val word = memory.readAsync(address(place, beat))
      members.zipWithIndex.map { case (cluster, i) =>
        cluster -> word(i * elementBits, elementBits bits)
      }
    }
    Cat(elements.sortBy(_._1).map(_._2))
  }

  /** Clusters that drain the same output in each slot, though from different lanes. */
  private def timings: Seq[(Seq[Drain], Seq[Int])] = {
    val keys = clusters.map(_.drains.asScala.toSeq.map(withoutLane))
    keys.distinct.map(key => (key, keys.indices.filter(keys(_) == key)))
  }

  private def withoutLane(drain: Drain): Drain =
    new Drain(0, drain.first, drain.last, drain.output, drain.previousPixel, drain.idle)

  private def lastDrain: Bool = {
    val slot = unit.program.lastDrain
    val steps = unit.program.steps
    if (slot < steps) sequencer.running && sequencer.slot === slot
    else {
      val spilled = (sequencer.running && sequencer.chained) || sequencer.flushing
      spilled && sequencer.slot === slot - steps
    }
  }

  private def collect(timing: Seq[Drain], members: Seq[Int], name: String): Mem[Bits] = {
    def flag(field: String, value: Drain => Boolean) =
      columns(s"${name}_$field", timing.map(d => BigInt(if (value(d)) 1 else 0)), 1, 5).lsb
    val previous = flag("previous", _.previousPixel)
    val applies = flag("drains", !_.idle) &&
      (previous ? (flushing || (lanes.running && chained)) | lanes.running)
    val home = (previous && lanes.running) ? (place - 1) | place
    val output =
      columns(s"${name}_output", timing.map(d => BigInt(d.output)), math.max(1, outputBits), 5)
    val draining = RegNext(applies).init(False).setName(name + "_draining")
    val first = RegNext(flag("first", _.first)).setName(name + "_first")
    val ends = RegNext(applies && flag("last", _.last)).init(False).setName(name + "_ends")
    val index = RegNext(output.asUInt).setName(name + "_index")
    val alone = timing.forall(d => d.idle || d.first)

    val results = members.map { cluster =>
      val taken = RegNext(take(cluster)).setName(s"cluster${cluster}_taken")
      val sum = total(s"cluster$cluster", taken, draining, if (alone) None else Some(first))
      requantize(cluster, index, sum)
    }
    val memory = Mem(Bits(members.size * elementBits bits), unit.reorderPixels << outputBits)
      .setName(name + "_reorder")
    val late = RequantizerPipeline.Stages + 1
    memory.write(
      address(Delay.data(home, late + 1, name + "_home"), Delay.data(index, late, name + "_index")),
      Cat(results),
      Delay(ends, late, name + "_ends")
    )
    memory
  }

  private def address(place: UInt, output: UInt): UInt =
    if (outputBits == 0) place else place @@ output.resize(outputBits bits)

  /** The holding register that the cluster's drain takes. */
  private def take(number: Int): SInt = {
    val cluster: Cluster = clusters(number)
    val drains = cluster.drains.asScala.toSeq
    val zero = cluster.lanes.size
    val registers = lanes.holding.slice(firstLanes(number), firstLanes(number) + zero)
    val choices =
      if (drains.exists(d => !d.idle && d.lane < 0)) registers :+ S(0, lanes.valueBits bits)
      else registers
    val picks = drains.map(d => if (d.idle) 0 else if (d.lane < 0) zero else d.lane)
    if (picks.distinct.size == 1) choices(picks.head)
    else {
      val width = log2Up(choices.size)
      val pick = columns(s"cluster${number}_pick", picks.map(BigInt(_)), width, 5).asUInt
      Vec(choices)(pick)
    }
  }

  private def total(name: String, taken: SInt, draining: Bool, first: Option[Bool]): SInt =
    first match {
      case None => RegNext(taken).setName(name + "_sum")
      case Some(starts) =>
        val sum = Reg(SInt(lanes.valueBits bits)).setName(name + "_sum")
        val total =
          if (unit.operation == WindowUnit.Operation.MAXIMUM) starts ? taken | Combine(unit, sum, taken)
          else taken + Combine.unless(starts, sum)
        when(draining)(sum := total)
        sum
    }

  private def requantize(cluster: Int, index: UInt, sum: SInt): Bits = {
    val channels = (0 until unit.program.outputsPerCluster).map(_ * clusters.size + cluster)
    val made = new RequantizerPipeline(
      pipeline(s"cluster$cluster"),
      channels,
      index,
      sum,
      (BigInt(unit.accumulator.minimum), BigInt(unit.accumulator.maximum)),
      unit.output.`type`.element
    )
    made.build(unit.requantizer)
  }
}
