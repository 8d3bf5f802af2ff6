// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog

import dev.etch.hardware.{ArgMaxUnit, ConcatUnit, ForkUnit, WidthUnit}
import spinal.core._
import spinal.lib.{master, slave, Stream => BeatStream}

/** A [[ForkUnit]]. */
final class ForkHardware(unit: ForkUnit, moduleName: String) extends Component {
  setDefinitionName(moduleName)
  private val width = unit.input.`type`.bits
  val input = slave(BeatStream(Bits(width bits)))
  val copies = Vec.fill(unit.copies.size)(master(BeatStream(Bits(width bits))))

  val space = copies.map(_.ready).reduce(_ && _)
  input.ready := space
  for (copy <- copies) {
    copy.valid := input.valid && space
    copy.payload := input.payload
  }
}

/** A [[ConcatUnit]]. */
final class ConcatHardware(unit: ConcatUnit, moduleName: String) extends Component {
  setDefinitionName(moduleName)
  private val width = unit.output.`type`.bits
  val parts = Vec.fill(unit.parts.size)(slave(BeatStream(Bits(width bits))))
  val output = master(BeatStream(Bits(width bits)))

  private val beats = (0 until parts.size).map(i => unit.beatsPerTurn.get(i).intValue)
  private val most = beats.max
  val turn = new Count(parts.size)
  val beat = Reg(UInt(math.max(1, log2Up(most)) bits)).init(0)
  val last_beat = Vec(beats.map(count => beat === count - 1))(turn.at)

  output.valid := Vec(parts.map(_.valid))(turn.at)
  output.payload := Vec(parts.map(_.payload))(turn.at)
  val moving = output.valid && output.ready
  for ((part, i) <- parts.zipWithIndex) part.ready := output.ready && turn.at === i
  turn.advance(moving && last_beat)
  when(moving)(beat := last_beat ? U(0, beat.getWidth bits) | (beat + 1))
}

/** A [[WidthUnit]] from wide to narrow. */
final class NarrowHardware(unit: WidthUnit, moduleName: String) extends Component {
  setDefinitionName(moduleName)
  private val width = unit.output.`type`.bits
  val input = slave(BeatStream(Bits(unit.input.`type`.bits bits)))
  val output = master(BeatStream(Bits(width bits)))

  val slice = new Count(unit.input.`type`.elements / unit.output.`type`.elements)
  output.valid := input.valid
  output.payload := input.payload.subdivideIn(width bits)(slice.at)
  slice.advance(output.valid && output.ready)
  input.ready := output.ready && slice.last
}

/** A [[WidthUnit]] from narrow to wide. */
final class WidenHardware(unit: WidthUnit, moduleName: String) extends Component {
  setDefinitionName(moduleName)
  private val width = unit.input.`type`.bits
  val input = slave(BeatStream(Bits(width bits)))
  val output = master(BeatStream(Bits(unit.output.`type`.bits bits)))

  private val factor = unit.output.`type`.elements / unit.input.`type`.elements
  val slice = new Count(factor)
  val kept = Vec.fill(factor - 1)(Reg(Bits(width bits)))
  input.ready := !slice.last || output.ready
  output.valid := input.valid && slice.last
  output.payload := Cat(kept.toSeq :+ input.payload)
  slice.advance(input.valid && input.ready)
  for ((register, i) <- kept.zipWithIndex) {
    when(input.valid && slice.at === i)(register := input.payload)
  }
}

/** An [[ArgMaxUnit]]. */
final class ArgMaxHardware(unit: ArgMaxUnit, moduleName: String) extends Component {
  setDefinitionName(moduleName)
  private val element = unit.input.`type`.element
  private val result = unit.output.`type`.bits
  val input = slave(BeatStream(Bits(unit.input.`type`.bits bits)))
  val output = master(BeatStream(Bits(result bits)))

  val position = new Count(unit.elements)
  val largest = Reg(SInt(element.bits + (if (element.signed) 0 else 1) bits))
  val winner = Reg(UInt(position.at.getWidth bits))
  val candidate = Elements.signed(input.payload, 0, element)
  val wins = if (unit.selectLast) candidate >= largest else candidate > largest
  val takes = position.at === 0 || wins
  val index = takes ? position.at | winner

  input.ready := !position.last || output.ready
  output.valid := input.valid && position.last
  output.payload := index.asBits.resize(result bits)
  val moving = input.valid && input.ready
  position.advance(moving)
  when(moving && takes) {
    largest := candidate
    winner := position.at
  }
}
