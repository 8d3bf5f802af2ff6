// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.window

import dev.etch.hardware.PipelineStages.ADDRESS
import dev.etch.hardware.{LoadMap, WindowNetlist, WindowUnit}
import dev.etch.hardware.verilog.{Columns, LoadedMemories, WordPort}
import dev.etch.hardware.verilog.emit.Section
import spinal.core._
import spinal.lib.{master, slave, Stream => BeatStream}

/** A [[WindowUnit]]; its Javadoc is the specification, cycle by cycle.
  *
  * @param shares
  *   whether it uses the multipliers of an array that it shares
  * @param loads
  *   memories that the host loads
  */
final class WindowHardware(unit: WindowUnit, moduleName: String, shares: Boolean, loads: LoadMap)
    extends Component {
  setDefinitionName(moduleName)
  val input = slave(BeatStream(Bits(unit.input.`type`.bits bits)))
  val output = master(BeatStream(Bits(unit.output.`type`.bits bits)))
  val array = if (shares) Some(master(ArrayPort.of(unit)).setName("array")) else None

  val load = LoadedMemories.port(loads, slave(_))

  private val netlist = WindowNetlist.of(unit)

  /** If words come from outside. */
  val words: Option[WordPort] = WindowWords.port(unit)
  private val gathered = words.map { port =>
    Section("Words: the schedule from outside, gathered from beats.", new WindowWords(netlist.stream.get, port))
  }
  private val taken = gathered.fold(input)(_.whileMoving(input))

  /** Makes what stands while a word is not there. */
  private def moving[T](body: => T): T = gathered.fold(body)(_.moving(body))

  private val memories = LoadedMemories.of(load, loads)
  private val farthest = WindowSequencer.farthest(unit)
  private val released = UInt(math.max(1, log2Up(farthest + 1)) bits).setName("released")
  private val written = Bool().setName("written")
  private val fetched = Bool().setName("fetched")

  val sequencer = Section(
    "Sequencer: steps through the schedule, pixel by pixel.",
    moving(new WindowSequencer(unit, written, fetched, array))
  )
  val writer = Section(
    "Writer: walks the padded frame and fills the circular window memory, a beat a cycle.",
    moving(new WindowWriter(unit.buffer, unit.input.`type`, taken, released, farthest))
  )
  private val columns = gathered.fold(new Columns(netlist.columns, sequencer.slot, sequencer.next_slot, memories)) { words =>
    new Columns(netlist.columns, sequencer.slot, sequencer.next_slot, memories, words.field)
  }
  val lanes = Section(
    "Lanes: multiply and accumulate; a part that ends stays in a holding register.",
    moving(new WindowLanes(unit, netlist, writer, sequencer, columns, array))
  )
  val drains = Section(
    "Drains: take holding registers, add the parts of an output, store requantized elements until a pixel is complete.",
    moving(new WindowDrains(unit, netlist, sequencer, lanes, columns, memories))
  )
  Section("Schedule: what ports, lanes and drains do in each slot of the sequencer.", moving(columns.build()))
  val serializer = Section(
    "Serializer: fetches complete pixels and pushes them, beat by beat.",
    moving(new WindowSerializer(unit, drains.completing, output.ready))
  )

  written := writer.writing
  fetched := serializer.fetched
  private val freed = sequencer.forStep(step => U(step, released.getWidth bits))
  released := sequencer.releasing ? freed | U(0, released.getWidth bits)
  output.valid := gathered.fold(serializer.holds)(serializer.holds && _.moves)
  output.payload := moving(RegNextWhen(drains.read(serializer.place, serializer.beat.at), serializer.fetching)).setName("serializer_held")
  gathered.foreach(_.needs := lanes.ran(ADDRESS))
}
