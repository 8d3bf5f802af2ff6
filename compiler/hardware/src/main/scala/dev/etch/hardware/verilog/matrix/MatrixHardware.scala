// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.matrix

import dev.etch.hardware.{MatrixNetlist, MatrixUnit}
import dev.etch.hardware.verilog.{Columns, ConstantMemories, Elements}
import dev.etch.hardware.verilog.emit.Section
import spinal.core._
import spinal.lib.{master, slave, Stream => BeatStream}

/** A [[MatrixUnit]]; its Javadoc is the specification, cycle by cycle. */
final class MatrixHardware(unit: MatrixUnit, moduleName: String) extends Component {
  setDefinitionName(moduleName)
  private val program = unit.program
  private val netlist = MatrixNetlist.of(unit)
  private val clusters = program.outputs.size
  val input = slave(BeatStream(Bits(unit.input.`type`.bits bits)))
  val output = master(BeatStream(Bits(unit.output.`type`.bits bits)))

  val sequencer = Section(
    "Sequencer: steps through the schedule as elements come, then through the outputs.",
    new MatrixSequencer(program, netlist, input.valid, output.ready)
  )
  input.ready := sequencer.taking
  private val feed = Section("Feed: the latest elements, on their way to all lanes.", new MatrixFeed(input, sequencer))
  private val columns = new Columns(netlist.columns, sequencer.slot, sequencer.next_slot, ConstantMemories)
  private val reader = sequencer.reader
  private val count = sequencer.output.at
  private val index = reader.pipeline("reader").register(0, "index", count)
  private val outputs = (0 until clusters).map(cluster => cluster -> place(cluster))

  private val lanes = outputs.map { case (cluster, place) =>
    val row = if (netlist.rowBits == 0) U(0, 1 bits) else place(netlist.rowBits - 1 downto 0).asUInt.setName(s"cluster${cluster}_row")
    (0 until program.lanesPerCluster).map { i =>
      val number = cluster * program.lanesPerCluster + i
      Section(
        "Lanes: each moves on from weight to weight, and adds to the sum of the weight's row.",
        new MatrixLane(unit, netlist, number, sequencer, feed, words(number), row)
      )
    }
  }
  output.payload := Section(
    "Outputs: the sums, in the order of the frame.",
    Elements.together(outputs.map { case (cluster, place) => pick(cluster, place) })
  )
  output.valid := reader.valid
  Section("Schedule: distances and weights of all lanes in each step.", columns.build())

  private def words(number: Int): MatrixWords =
    if (netlist.code.isPresent) {
      val decoder = Section(
        "Decoders: the words of the lanes, as many steps ahead as they take.",
        new MatrixDecoder(netlist.code.get, number, sequencer)
      )
      new CodedWords(netlist.code.get, columns, decoder, s"lane$number")
    } else new PlainWords(columns, s"lane$number")

  /** Where the cluster's output is, at the end of stage 1. */
  private def place(cluster: Int): Bits =
    reader
      .pipeline(s"cluster$cluster")
      .rom(netlist.places(cluster), stage => if (stage < 0) count else index)

  /** The sum at that place, at the end of the last stage. */
  private def pick(cluster: Int, place: Bits): Bits = {
    val pipeline = reader.pipeline(s"cluster$cluster")
    lazy val which = pipeline.delay(place(place.high downto netlist.rowBits), 1, MatrixHardware.READ, "which")
    val sums = lanes(cluster).map(_.read)
    val sum =
      if (sums.size == 1) sums.head
      else pipeline.name(Vec(sums)(which(netlist.laneBits - 1 downto 0).asUInt), "picked")
    val known = if (netlist.takesZero(cluster)) which.msb ? B(0, sum.getWidth bits) | sum.asBits else sum.asBits
    pipeline.register(MatrixHardware.READ + 1, "sum", known)
  }
}

private[matrix] object MatrixHardware {

  /** The stage of the reader at whose end a sum has left its memory and the register behind it. */
  val READ: Int = MatrixUnit.STAGES - 2
}
