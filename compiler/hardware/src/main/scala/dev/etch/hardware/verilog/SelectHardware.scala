// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog

import dev.etch.hardware.SelectUnit
import spinal.core._
import spinal.lib.{master, slave, Stream => BeatStream}

import scala.jdk.CollectionConverters._

/** A [[SelectUnit]]. */
final class SelectHardware(unit: SelectUnit, moduleName: String) extends Component {
  setDefinitionName(moduleName)
  private val width = unit.input.`type`.bits
  private val rows = unit.rows.asScala.map(_.intValue).toSeq
  private val addressBits = log2Up(unit.rowBeats)
  val input = slave(BeatStream(Bits(width bits)))
  val output = master(BeatStream(Bits(width bits)))

  private val slotBits = log2Up(SelectUnit.SLOTS)
  private val counterBits = log2Up(SelectUnit.SLOTS + 1)
  private val memory = Mem(Bits(width bits), SelectUnit.SLOTS << addressBits).setName("memory")
  val occupied = Reg(UInt(counterBits bits)).init(0)
  val ready = Reg(UInt(counterBits bits)).init(0)

  // writer
  val written = new Position(unit.rowBeats, unit.inputRows, 1)
  val write_slot = Reg(UInt(slotBits bits)).init(0)
  input.ready := occupied =/= SelectUnit.SLOTS
  val writing = input.valid && input.ready
  memory.write(address(write_slot, written.beat.at), input.payload, writing)
  written.advance(writing)
  private val used = flags((0 until unit.inputRows).map(rows.contains(_)), written.column.at)
  val stored = writing && written.beat.last && used
  when(stored)(write_slot := write_slot + 1)

  // reader
  val stages = new ElasticPipeline(ready =/= 0, output.ready, SelectUnit.STAGES)
  val place = new Count(unit.places.size)
  val column = new Count(unit.columns.size)
  val row = new Count(rows.size)
  val read_slot = Reg(UInt(slotBits bits)).init(0)
  val taking = stages.ready && ready =/= 0
  place.advance(taking)
  column.advance(taking && place.last)
  val end_of_row = place.last && column.last
  row.advance(taking && end_of_row)
  private val lastCopy = flags(rows.indices.map(r => unit.isLastCopy(r)), row.at)
  val finishing = end_of_row && lastCopy
  val finished = taking && finishing
  when(finished)(read_slot := read_slot + 1)

  private val pipeline = stages.pipeline("beat")
  private val start = pipeline.rom(unit.columnTable, column.at).asUInt
  private val offset = pipeline.rom(unit.placeTable, place.at).asUInt
  private val slot0 = pipeline.register(0, "slot", read_slot)
  private val last0 = pipeline.register(0, "last", finishing)
  private val at = pipeline.register(1, "at", start + offset)
  private val slot1 = pipeline.register(1, "slot", slot0)
  private val last1 = pipeline.register(1, "last", last0)
  output.payload := memory.readSync(address(slot1, at), stages.moves(2)).setName("beat_read")
  output.valid := stages.valid
  val released = stages.full(1) && stages.moves(2) && last1

  when(stored && !finished)(ready := ready + 1)
  when(!stored && finished)(ready := ready - 1)
  when(stored && !released)(occupied := occupied + 1)
  when(!stored && released)(occupied := occupied - 1)

  private def address(slot: UInt, beat: UInt): UInt = 
    if (addressBits == 0) slot else (slot @@ beat.resize(addressBits bits)).setName(beat.getName() + "_place")

  /** The flag of a place; a memory unless all are equal. */
  private def flags(values: Seq[Boolean], at: UInt): Bool =
    if (values.forall(_ == values.head)) Bool(values.head)
    else Vec(values.map(Bool(_)))(at)
}
