// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.matrix

import dev.etch.hardware.{LoadMap, MatrixNetlist, MatrixUnit}
import dev.etch.hardware.verilog.{Columns, ConstantMemories, Elements, LoadPort, LoadedMemories, WordMemories, WordPort}
import dev.etch.hardware.verilog.emit.Section
import spinal.core._
import spinal.lib.{master, slave, Stream => BeatStream}

import scala.collection.mutable

/** A [[MatrixUnit]]; its Javadoc is the specification, cycle by cycle. */
final class MatrixHardware(unit: MatrixUnit, moduleName: String, loads: LoadMap) extends Component {
  setDefinitionName(moduleName)
  private val program = unit.program
  private val netlist = MatrixNetlist.of(unit)
  private val clusters = program.outputs.size
  val input = slave(BeatStream(Bits(unit.input.`type`.bits bits)))
  val output = master(BeatStream(Bits(unit.output.`type`.bits bits)))

  val load = LoadedMemories.port(loads, slave(_))

  /** If words come from outside. */
  val words: Option[WordPort] =
    Option.when(unit.memory.isPresent)(slave(WordPort(unit.memory.get.dataBits, endBits)).setName("words"))
  private val loaded = load.map(new LoadedMemories(_, loads))
  private val memories: WordMemories = loaded.getOrElse(ConstantMemories)
  private val packed = (loaded, words) match {
    case (Some(tables), Some(port)) => Some(PackedHardware.externalLoaded(netlist, port, load.get, tables))
    case (Some(tables), None)       => Some(PackedHardware.loaded(netlist, load.get, tables))
    case (None, Some(port))         => Some(PackedHardware.external(netlist, port))
    case (None, None)               => None
  }

  val sequencer = Section(
    "Sequencer: steps through the schedule as elements come, then through the outputs.",
    new MatrixSequencer(unit, netlist, input.valid, output.ready, packed.map(all => (all.ready, all.boots)), memories)
  )
  input.ready := sequencer.taking
  private val feed = Section("Feed: the latest elements, on their way to all lanes.", new MatrixFeed(input, sequencer))
  private val columns = new Columns(netlist.columns, sequencer.slot, sequencer.next_slot, memories)
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
        new MatrixLane(unit, netlist, number, sequencer, feed, wordsOf(number), row)
      )
    }
  }
  output.payload := Section(
    "Outputs: the sums, in the order of the frame.",
    Elements.together(outputs.map { case (cluster, place) => pick(cluster, place) })
  )
  output.valid := reader.valid
  packed.foreach(_.finish())
  for (port <- words; all <- packed; fill <- sequencer.filling) port.primed := all.belongs.fold(fill.done && all.isFull)(_ && fill.done && all.isFull)
  Section("Schedule: distances and weights of all lanes in each step.", columns.build())

  private lazy val blocks = Section(
    "Blocks: the weights of each circulant block, turned by the column.",
    new MatrixBlocks(unit, netlist, sequencer)
  )

  private def endBits = Option.when(program.room.isPresent)(netlist.endBits)

  private def wordsOf(number: Int): MatrixWords =
    if (netlist.rotation.isPresent) {
      val rotation = netlist.rotation.get
      val group = rotation.group(number, clusters, program.lanesPerCluster)
      new BlockWords(blocks, group, rotation.place(number, clusters, program.lanesPerCluster))
    } else if (netlist.code.isPresent) {
      val decoder = Section(
        "Decoders: the words of the lanes, as many steps ahead as they take.",
        new MatrixDecoder(netlist.code.get, numbers, number, sequencer, memories, image(number))
      )
      new CodedWords(netlist.code.get, columns, decoder, s"lane$number")
    } else if (netlist.codebook.isPresent) new IndexedWords(netlist.codebook.get, columns, s"lane$number")
    else new PlainWords(columns, s"lane$number")

  private lazy val numbers = packed.flatMap(_.numbers).getOrElse(new ConstantNumbers(netlist.code.get))

  private def image(number: Int): Bool => Bits = packed match {
    case Some(all) => all.image(number, sequencer.restarting)
    case None      => RomImage(netlist.code.get, number, sequencer)
  }

  /** Where the cluster's output is, at the end of stage 1. */
  private def place(cluster: Int): Bits =
    reader
      .pipeline(s"cluster$cluster", memories = memories)
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

/** What lies between the source of all lanes' words and their decoders.
  *
  * @param boots
  *   whether all begins anew: behind a reset, and while words are not to be had
  * @param numbers
  *   of their code, if they are loaded
  */
private[matrix] final class PackedHardware(
    netlist: MatrixNetlist,
    source: ChunkSource,
    val boots: Bool,
    val numbers: Option[CodeNumbers]
) extends Area {
  private val lanes = mutable.ArrayBuffer[LaneChunks]()

  /** Whether the words are those that were loaded with their code, if they may be others. */
  def belongs: Option[Bool] = source.belongs

  /** Whether every lane has a chunk. */
  val ready: Bool = Bool().setName("chunks_ready")
  private val asks = Bits(netlist.lanes bits).setName("lanes_ask")

  private val chunks = Section(
    "Stream: the coded words of all lanes, in the order in which they ask for them.",
    new MatrixChunks(netlist, source, asks, boots)
  )

  /** Makes what holds a lane's image, lane by lane. */
  def image(number: Int, drops: Bool): Bool => Bits = {
    val made = new LaneChunks(netlist, number, chunks, drops, boots)
    lanes += made
    made.image
  }

  /** Whether no lane has room for another chunk. */
  def isFull: Bool = lanes.map(_.full).reduce(_ && _).setName("chunks_full")

  /** Call it once, behind the last lane. */
  def finish(): scala.Unit = {
    ready := lanes.map(_.some).reduce(_ && _)
    asks := Cat(lanes.map(_.asks))
  }
}

private object PackedHardware {

  /** Cycles from a word on the port until it is in its memory, and one more. */
  private val Quiet = 4

  /** Words in a memory that the host loads: they, or the choice of a buffer, are on their way there for some cycles. */
  def loaded(netlist: MatrixNetlist, port: LoadPort, memories: LoadedMemories): PackedHardware = {
    val (quiet, boots) = settling(netlist, port, "stream_boots")
    val numbers = Option.when(netlist.numbers.isPresent)(new LoadedNumbers(netlist, memories, quiet, Quiet, boots))
    new PackedHardware(netlist, new LoadedChunks(netlist, memories, numbers.map(_.last)), boots, numbers)
  }

  /** Counts cycles without a word on the port up to those that it takes until all is there; and whether it still counts. */
  private def settling(netlist: MatrixNetlist, port: LoadPort, name: String): (UInt, Bool) = {
    // The numbers are read when their last word is there; each is taken a cycle later.
    val last = netlist.numbers.map[Int](Quiet + _.entries.size + 1).orElse(Quiet)
    val quiet = Reg(UInt(log2Up(last + 1) bits)).init(0).setName("stream_quiet")
    when(port.renews)(quiet := 0).elsewhen(quiet =/= last)(quiet := quiet + 1)
    (quiet, (quiet =/= last).setName(name))
  }

  /** Words from outside. */
  def external(netlist: MatrixNetlist, port: WordPort): PackedHardware =
    new PackedHardware(netlist, new ExternalChunks(port.beats), port.restarts, None)

  /** Words from outside that belong to what the host loads. */
  def externalLoaded(netlist: MatrixNetlist, port: WordPort, load: LoadPort, memories: LoadedMemories): PackedHardware = {
    val (quiet, settles) = settling(netlist, load, "stream_settles")
    val numbers = new LoadedNumbers(netlist, memories, quiet, Quiet, settles)
    val boots = (settles || port.restarts).setName("stream_boots")
    val source = new TaggedChunks(port.beats, numbers.tag)
    for (end <- port.loaded) {
      end.settled := !settles
      end.last := numbers.last
      end.foreign := source.isForeign
    }
    new PackedHardware(netlist, source, boots, Some(numbers))
  }
}

private[matrix] object MatrixHardware {

  /** The stage of the reader at whose end a sum has left its memory and the register behind it. */
  val READ: Int = MatrixUnit.STAGES - 2
}
