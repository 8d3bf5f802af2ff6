// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog

import dev.etch.hardware.ConstantUnit
import spinal.core._
import spinal.lib.{master, slave, Stream => BeatStream}

/** A [[ConstantUnit]]. */
final class ConstantHardware(unit: ConstantUnit, moduleName: String) extends Component {
  setDefinitionName(moduleName)
  private val table = unit.table
  val input = slave(BeatStream(Bits(unit.input.`type`.bits bits)))
  val output = master(BeatStream(Bits(unit.output.`type`.bits bits)))

  val frames = Reg(UInt(log2Up(ConstantUnit.MOST_FRAMES + 1) bits)).init(0)

  // counter
  val arrived = new Count(unit.input.beatsPerFrame)
  val first = arrived.at === 0
  input.ready := !first || frames =/= ConstantUnit.MOST_FRAMES
  val arriving = input.valid && input.ready
  arrived.advance(arriving)
  val begun = arriving && first

  // reader
  val stages = new ElasticPipeline(frames =/= 0, output.ready, ConstantUnit.STAGES)
  val beat = new Count(unit.output.beatsPerFrame)
  val taking = stages.ready && frames =/= 0
  beat.advance(taking)
  val finished = taking && beat.last

  private val pipeline = stages.pipeline("beat")
  output.payload := (if (table.isConstant) Rom.constant(table.entries.get(0), table.width) else read)
  output.valid := stages.valid

  when(begun && !finished)(frames := frames + 1)
  when(!begun && finished)(frames := frames - 1)

  private def read: Bits = {
    val size = table.entries.size
    val place = if (size == unit.output.beatsPerFrame) beat else new Count(size).setName("place")
    if (place != beat) place.advance(taking)
    pipeline.register(1, "constant", pipeline.rom(table, place.at))
  }
}
