// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog

import dev.etch.hardware.verilog.window.{ArrayBox, ArrayPort}
import dev.etch.hardware.{Design, LoadMap, MatrixNetlist, MatrixUnit, MemoryMap, OutputPort, RegisterMap, SharedArray, Stream, StreamType}
import spinal.core._
import spinal.lib.bus.amba4.axilite.{AxiLite4, AxiLite4Config, AxiLite4SpecRenamer}
import spinal.lib.{master, slave}

import scala.jdk.CollectionConverters._

/** The top module: AXI4-Stream in, and out of each output, AXI4-Lite registers, and the units joined by queues.
  *
  * @param hash
  *   value of the register that tells designs apart
  */
final class AcceleratorTop(design: Design, hash: Int) extends Component {
  setDefinitionName(design.name)
  private val from = design.input.`type`
  private val outputs = design.outputs.asScala.toSeq
  private val unread = design.unread
  private val queueModules = design.queueModules
  private val loads = LoadMap.of(design)
  private val outside: Option[MemoryMap] = Option(MemoryMap.of(design).orElse(null))

  val aclk = in(Bool())
  val aresetn = in(Bool())
  val s_axis_tdata = in(Bits(Containers.bits(from) bits))
  val s_axis_tvalid = in(Bool())
  val s_axis_tready = out(Bool())
  val s_axis_tlast = in(Bool())
  private val masters = outputs.map(new StreamMaster(_))
  val s_axi = slave(AxiLite4(AxiLite4Config(RegisterMap.ADDRESS_BITS, 32)))
  AxiLite4SpecRenamer(s_axi)
  val interrupt = out(Bool())

  private val soft_reset = Bool()
  private val resets = new ClockingArea(ClockDomain(aclk, config = AcceleratorTop.Clocking)) {
    // Without a register: a master may write in the very cycle after the reset.
    val bus_reset = (!aresetn).setName("bus_reset")
    val core_reset = RegNext(!aresetn || soft_reset).setName("core_reset")
  }
  /** Whether decoders have their first words, if there are any: no beat is taken sooner, so a frame never waits for them. */
  private def decodersFilled(): Option[Bool] = {
    val longest = design.units.asScala.collect { case matrix: MatrixUnit => MatrixNetlist.awakening(matrix) }.maxOption
    longest.filter(_ > 0).map { cycles =>
      val awake = Reg(UInt(log2Up(cycles + 1) bits)).init(0).setName("decoders_awake")
      val filled = (awake === cycles).setName("decoders_filled")
      when(!filled)(awake := awake + 1)
      loading.loader.foreach(sender => when(sender.port.renews)(awake := 0))
      filled
    }
  }

  private def domain(reset: Bool) = ClockDomain(aclk, reset, config = AcceleratorTop.Clocking)

  private val bus = new ClockingArea(domain(resets.bus_reset)) {
    val registers = new ControlRegisters(design.name + "_registers", constants, RegisterMap.of(design).asScala.toSeq)
    registers.setName("control_registers")
    registers.bus << s_axi
    val run = registers.setting("control.run").lsb.setName("run")
  }
  soft_reset := bus.registers.strobe("control.softReset").lsb

  // Whether the input stands before a frame, and whether no frame is inside either.
  private val before_frame = if (loads.isEmpty && outside.isEmpty) None else Some(Bool().setName("before_frame"))
  private val held = before_frame.map(_ => Bool().setName("held"))
  private val loading = new ClockingArea(domain(resets.bus_reset)) {
    val loader = if (loads.isEmpty) None else held.map(new WeightLoader(bus.registers, loads, hash, _))
    val reading = outside.map { map =>
      val broken = loader.filter(_ => map.isLoaded).map(_.isBroken)
      new ExternalWords(map, design.name + "_reader", bus.registers, resets.core_reset, held.get, broken)
    }
  }
  import loading.{loader, reading}
  val m_axi = reading.map(outside => master(ReadChannels(outside.dataBits)).setName("m_axi"))
  for (port <- m_axi; outside <- reading) port <> outside.bus

  private val core = new ClockingArea(domain(resets.core_reset)) {
    private val queues = design.depths.asScala.toSeq.map { case (stream, depth) =>
      stream -> queue(stream, depth)
    }.toMap
    private val ports = design.units.asScala.flatMap(u => connect(u, queues).map(u.name -> _)).toMap
    design.arrays.asScala.foreach(share(_, ports))

    private val first = queues(design.input).push
    def runs = bus.run && first.ready && !resets.core_reset
    def holds = (loader.map(_.holds) ++ reading.map(_.holds)).reduceOption(_ || _)
    def takes = holds.fold(runs)(holding => runs && !(holding && before_frame.get))
    s_axis_tready := decodersFilled().fold(takes)(takes && _)
    first.valid := s_axis_tvalid && s_axis_tready
    first.payload := Containers.unpack(s_axis_tdata, from)
    for (port <- masters) port.drive(queues(port.output.stream).pop)

    val monitor = new FrameMonitor(
      design.input.beatsPerFrame,
      outputs.map(_.stream.beatsPerFrame),
      bus.run,
      first.valid,
      s_axis_tlast,
      masters.map(_.fires)
    ).setName("monitor")
    for ((port, last) <- masters.zip(monitor.lasts)) port.tlast := last
    show(monitor)
    reading.foreach(_.finish())
    before_frame.foreach(_ := monitor.input.at === 0)
    held.foreach(_ := before_frame.get && !monitor.busy)
  }

  private def show(monitor: FrameMonitor): scala.Unit = {
    val registers = bus.registers
    def value(name: String, number: Data) = registers.shown(name) := number.asBits
    def pending(name: String, event: Bool): Bool = {
      val flag = monitor.sticky(event, registers.strobe(name).lsb)
      value(name, flag)
      flag
    }
    val early = pending("error.tlastEarly", monitor.early).setName("tlast_early")
    val missing = pending("error.tlastMissing", monitor.missing).setName("tlast_missing")
    value("status.busy", monitor.busy)
    value("status.error", early || missing)
    val done = pending("interruptPending.frameDone", monitor.left).setName("frame_done")
    interrupt := done && registers.setting("control.interruptEnable").lsb
    value("framesIn", monitor.frames_in)
    value("framesOut", monitor.frames_out)
    val high = RegNextWhen(monitor.cycles(32, 32 bits), registers.cyclesRead).init(0)
    value("cyclesLow", monitor.cycles(0, 32 bits))
    value("cyclesHigh", high.setName("cycles_high"))
    value("lastFrameCycles", monitor.frame_cycles)
    value("latencyCycles", monitor.latency_cycles)
    value("inputBeats", monitor.beats_in)
    for ((output, beats) <- monitor.beatsOut.zipWithIndex.map(_.swap)) value(RegisterMap.outputBeats(output).name, beats)
  }

  private def queue(stream: Stream, depth: Int): BeatQueue = {
    val made = new BeatQueue(queueModules.get(stream), stream.`type`.bits, depth, !unread.contains(stream))
    made.setName("queue_" + stream.name)
  }

  private def share(array: SharedArray, ports: Map[String, ArrayPort]): scala.Unit = {
    val built = new ArrayBox(design, array, AcceleratorTop.moduleName(design, array.name))
    built.setName(array.name)
    for ((member, port) <- array.units.asScala.zip(built.ports)) ports(member) <> port
  }

  private def connect(
      unit: dev.etch.hardware.Unit,
      queues: Map[Stream, BeatQueue]
  ): Option[ArrayPort] = {
    val name = AcceleratorTop.moduleName(design, unit.name)
    val built = unit.accept(new UnitFactory(name, design.arrayOf(unit).isPresent, loads.of(unit.name)))
    for (port <- built.load; sender <- loader) port := sender.port
    for (port <- built.words; outside <- reading) outside.connect(unit.name, port)
    built.component.setName("unit_" + unit.name)
    for ((stream, port) <- unit.inputs.asScala.zip(built.inputs)) port << queues(stream).pop
    for ((stream, port) <- unit.outputs.asScala.zip(built.outputs)) queues(stream).push << port
    built.array
  }

  private def constants: Map[String, BigInt] = Map(
    "identity" -> BigInt(RegisterMap.IDENTITY_VALUE),
    "version.minor" -> BigInt(RegisterMap.VERSION_VALUE & 0xffff),
    "version.major" -> BigInt(RegisterMap.VERSION_VALUE >>> 16),
    "designHash" -> BigInt(Integer.toUnsignedLong(hash)),
    "inputFrameBeats" -> BigInt(design.input.beatsPerFrame)
  ) ++ format("inputFormat", from) ++ outputs.map(_.stream).zipWithIndex.flatMap { case (stream, output) =>
    format(RegisterMap.outputFormat(output).name, stream.`type`) +
      (RegisterMap.outputFrameBeats(output).name -> BigInt(stream.beatsPerFrame))
  } ++ oneBuffer ++ constantWords

  /** What the status says of two buffers if there is one. */
  private def oneBuffer: Map[String, BigInt] =
    if (loads.isDoubled) Map() else Map("loadStatus.waits" -> BigInt(0), "loadStatus.buffer" -> BigInt(0))

  /** What the status says of words from outside that are always the same. */
  private def constantWords: Map[String, BigInt] = if (outside.exists(_.isLoaded)) Map() else Map("memoryStatus.foreign" -> BigInt(0))

  private def format(register: String, beat: StreamType): Map[String, BigInt] = Map(
    s"$register.containerBits" -> BigInt(Containers.bits(beat) / beat.elements),
    s"$register.elementBits" -> BigInt(beat.element.bits),
    s"$register.signed" -> BigInt(if (beat.element.signed) 1 else 0),
    s"$register.elements" -> BigInt(beat.elements)
  )
}

object AcceleratorTop {

  /** One clock, rising edge; synchronous, active-high resets. */
  val Clocking: ClockDomainConfig =
    ClockDomainConfig(resetKind = SYNC, resetActiveLevel = HIGH)

  /** Name of the module of a unit or an array. */
  def moduleName(design: Design, part: String): String = s"${design.name}_$part"
}

/** The pins of an AXI4-Stream master, in the component that makes it. */
final class StreamMaster(val output: OutputPort) {
  private val beat = output.stream.`type`
  private def pin[T <: Data](name: String, made: T): T = made.setName(s"${output.name}_$name")
  val tdata: Bits = pin("tdata", out(Bits(Containers.bits(beat) bits)))
  val tvalid: Bool = pin("tvalid", out(Bool()))
  val tready: Bool = pin("tready", in(Bool()))
  val tlast: Bool = pin("tlast", out(Bool()))

  /** Gives what a queue has. */
  def drive(queue: spinal.lib.Stream[Bits]): scala.Unit = {
    tvalid := queue.valid
    tdata := Containers.pack(queue.payload, beat)
    queue.ready := tready
  }

  /** Whether a beat leaves. */
  def fires: Bool =
    (tvalid && tready).setName(if (output.name == OutputPort.ONLY) "output_beat" else s"${output.name}_beat")
}

/** Elements on AXI4-Stream: each in 8, 16, 32 or 64 bits, the lowest channel in the lowest bits. */
object Containers {

  /** Bits of TDATA for a beat. */
  def bits(beat: StreamType): Int = beat.elements * container(beat)

  /** The elements in TDATA, without what widens them. */
  def unpack(data: Bits, beat: StreamType): Bits =
    Cat((0 until beat.elements).map(i => data(i * container(beat), beat.element.bits bits)))

  /** TDATA with elements widened by their sign, or by zeros. */
  def pack(payload: Bits, beat: StreamType): Bits =
    Cat((0 until beat.elements).map { i =>
      val raw = Elements.raw(payload, i, beat.element)
      if (beat.element.signed) raw.asSInt.resize(container(beat) bits).asBits
      else raw.resize(container(beat) bits)
    })

  private def container(beat: StreamType): Int = beat.element.storageBytes * 8
}
