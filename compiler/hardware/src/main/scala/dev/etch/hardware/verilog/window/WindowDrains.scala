// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.window

import dev.etch.hardware.Program.Cluster
import dev.etch.hardware.PipelineStages.DRAIN
import dev.etch.hardware.{PipelineStages, WindowNetlist, WindowUnit}
import dev.etch.hardware.verilog.emit.Section
import dev.etch.hardware.verilog.requantizer.{ChannelIndex, RequantizerPipeline}
import dev.etch.hardware.verilog.{Columns, Delay, Pipeline, WordMemories}
import spinal.core._

import scala.jdk.CollectionConverters._

/** Drains, requantizers and the reorder memory. A drain takes a holding register in the cycle that
  * [[PipelineStages.DRAIN]] says, adds in the next, and then the sum enters the requantizer.
  */
final class WindowDrains(
    unit: WindowUnit,
    netlist: WindowNetlist,
    sequencer: WindowSequencer,
    lanes: WindowLanes,
    columns: Columns,
    memories: WordMemories
) extends Area {
  private val schedule = new Schedule(unit.program)
  private def clusters = schedule.clusters
  private val outputBits = log2Up(unit.program.outputsPerCluster)
  private val elementBits = unit.output.`type`.element.bits
  private val pipeline = (name: String) => new Pipeline(name, _ => None, memories)

  private val slots = new DrainSlots(unit.program, sequencer, columns)
  // Neither this nor the drains have a reset: what they still do after one goes to places of the reorder
  // memory that are written again before they are read.
  private val place = Delay.data(sequencer.place, DRAIN, "place")

  /** Whether the pixel's last output enters the requantizer's last register in this cycle. */
  val completing = slots.completed(WindowUnit.COMPLETION_DELAY - 1)

  private val firstLanes = clusters.scanLeft(0)(_ + _.lanes.size)
  private val reorder = netlist.drainGroups.asScala.toSeq.zipWithIndex.map { case (group, number) =>
    val members = group.clusters.asScala.toSeq.map(_.intValue)
    (members, collect(members, group.isWhole, number))
  }

  /** The elements of a beat: output `beat` of every cluster, of the pixel at `place`. */
  def read(place: UInt, beat: UInt): Bits = {
    val at = address(place, beat)
    if (outputBits > 0) at.setName("serializer_address")
    val elements = reorder.flatMap { case (members, memory) =>
      val word = memory.readAsync(at).setName(memory.getName() + "_word")
      members.zipWithIndex.map { case (cluster, i) =>
        cluster -> word(i * elementBits, elementBits bits)
      }
    }
    Cat(elements.sortBy(_._1).map(_._2))
  }

  /** @param alone whether each output comes in one part */
  private def collect(members: Seq[Int], alone: Boolean, number: Int): Mem[Bits] = {
    val name = s"drain$number"
    def flag(field: String) = columns.flag(s"${name}_$field")
    def previous = flag("previous")
    // Whether there is a pixel that the drain is for: the one that ran before, or this.
    val meant = previous ? slots.spilling | (lanes.ran(DRAIN) && slots.together)
    val applies = (flag("drains") && meant).setName(name + "_applies")
    val home = (previous && lanes.ran(DRAIN)) ? (place - 1) | place
    val output = columns(name + "_output")
    val draining = RegNext(applies).setName(name + "_draining")
    val first = RegNext(flag("first")).setName(name + "_first")
    val ends = RegNext(applies && flag("last")).setName(name + "_ends")
    val channel = new ChannelIndex(pipeline(name), columns(netlist.channelColumn(number)).asUInt)

    val results = members.map { cluster =>
      val taken = RegNext(take(cluster)).setName(s"cluster${cluster}_taken")
      val sum = total(s"cluster$cluster", taken, draining, if (alone) None else Some(first))
      requantize(cluster, channel, sum)
    }
    val memory = Mem(Bits(members.size * elementBits bits), netlist.reorderWords)
      .setName(name + "_reorder")
    memory.addAttribute("no_rw_check")
    val late = PipelineStages.REQUANTIZER + 1
    memory.write(
      address(
        Delay.data(home, late + 1, name + "_home"),
        if (netlist.repeatsTables) Delay.data(output.asUInt, late + 1, name + "_output") else channel(PipelineStages.REQUANTIZER)
      ),
      Cat(results),
      Delay.data(ends, late, name + "_ends")
    )
    memory
  }

  private def address(place: UInt, output: UInt): UInt =
    if (outputBits == 0) place else place @@ output.resize(outputBits bits)

  /** The holding register that the cluster's drain takes. */
  private def take(number: Int): SInt = {
    val cluster: Cluster = clusters(number)
    val zero = cluster.lanes.size
    val registers = lanes.holding.slice(firstLanes(number), firstLanes(number) + zero)
    val choices =
      if (unit.program.takesZero(number)) registers :+ S(0, lanes.valueBits bits)
      else registers
    val pick = s"cluster${number}_pick"
    if (columns.isConstant(pick)) choices(columns.first(pick)) else Vec(choices)(columns(pick).asUInt).setName(s"cluster${number}_picked")
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

  private def requantize(cluster: Int, channel: ChannelIndex, sum: SInt): Bits = {
    val made = new RequantizerPipeline(
      unit.requantizer,
      pipeline(s"cluster$cluster"),
      netlist.channels(cluster).asScala.toSeq.map(_.intValue),
      channel,
      sum,
      (BigInt(unit.accumulator.minimum), BigInt(unit.accumulator.maximum)),
      unit.output.`type`.element
    )
    Section(s"Requantizer of cluster $cluster: accumulator to output element.", made.build())
  }
}
