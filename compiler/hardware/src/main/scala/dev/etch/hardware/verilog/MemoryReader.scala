// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog

import dev.etch.hardware.ExternalMemory.BURST_BEATS
import dev.etch.hardware.MemoryMap
import spinal.core._
import spinal.lib.{IMasterSlave, Stream => BeatStream, master}

import scala.jdk.CollectionConverters._

/** The read channels of AXI4, from the master's side; there is one identifier, so beats come in the order of addresses. */
final case class ReadChannels(dataBits: Int) extends Bundle with IMasterSlave {
  val araddr = UInt(64 bits)
  val arlen = UInt(8 bits)
  val arsize = UInt(3 bits)
  val arburst = Bits(2 bits)
  val arcache = Bits(4 bits)
  val arprot = Bits(3 bits)
  val arvalid = Bool()
  val arready = Bool()
  val rdata = Bits(dataBits bits)
  val rresp = Bits(2 bits)
  val rlast = Bool()
  val rvalid = Bool()
  val rready = Bool()

  override def asMaster(): scala.Unit = {
    out(araddr, arlen, arsize, arburst, arcache, arprot, arvalid, rready)
    in(arready, rdata, rresp, rlast, rvalid)
  }
}

/** Reads the words of all units from the memory outside, see [[MemoryMap]], which says in which cycles.
  *
  * A reset of the core must not leave the bus with a burst that nobody takes: the reader has the reset of the bus, and
  * when it is told to stop it asks for no more, drops the beats that are still to come, and stands at the beginning then.
  */
final class MemoryReader(map: MemoryMap, moduleName: String) extends Component {
  setDefinitionName(moduleName)
  private val dataBits = map.memory.dataBits
  private val queueBeats = map.memory.queueBeats
  private val regions = map.regions.asScala.toSeq
  private val inside = log2Up(BURST_BEATS)
  private val placeBits = log2Up(map.beats + 1)

  val bus = master(ReadChannels(dataBits)).setName("m_axi")

  /** Where the words begin. */
  val base = in(UInt(64 bits))

  /** Whether to read, and whether to stop: the second counts while it reads. */
  val starts = in(Bool())
  val stops = in(Bool())

  /** The number of each last chunk that may be another one later. */
  val lasts = regions.map { region =>
    Option.when(region.words.crc.isPresent)(in(UInt(region.words.endBits bits)).setName("last_" + region.unit))
  }

  /** The beats for each unit. */
  val beats = regions.map(region => master(BeatStream(Bits(dataBits bits))).setName("beats_" + region.unit))

  /** Whether it reads, and if not, whether nothing is under way any more. */
  val reading = out(Reg(Bool()).init(False))
  val idle = out(Bool())

  /** Whether all queues are as full as they get, and nothing is under way. */
  val full = out(Bool())

  /** Whether the memory answered with an error since it began to read. */
  val failed = out(Reg(Bool()).init(False))

  private val asking = Reg(Bool()).init(False).setName("asking")
  private val moving = (!asking || bus.arready).setName("address_moves")
  private val empties = (!reading).setName("empties")
  private val queues = new ClockingArea(ClockDomain(clockDomain.readClockWire, empties, config = AcceleratorTop.Clocking)) {
    val of = regions.map { region =>
      new BeatQueue(moduleName + "_queue", dataBits, queueBeats, isRead = true).setName("queue_" + region.unit)
    }
  }
  private val clients = regions.indices.map(i => new Client(regions(i), queues.of(i), beats(i), end(i)))

  // They take turns: the first behind the one that asked last.
  private val wants = Cat(clients.map(_.wants)).setName("wants")
  private val last = Reg(Bits(clients.size bits)).init(B(BigInt(1) << (clients.size - 1), clients.size bits)).setName("asked_last")
  private val chosen = turn()
  private val under_way = Reg(UInt(log2Up(map.mostBursts + 1) bits)).init(0).setName("bursts_under_way")
  private val asks = (chosen.orR && moving && under_way =/= map.mostBursts).setName("asks")
  private val place = choose(clients.map(_.at)).setName("asked_place")
  private val length = choose(clients.map(_.length)).setName("asked_length")

  private val address = RegNextWhen(base(31 downto 0) + (place << log2Up(map.memory.beatBytes)).resize(32 bits), asks).setName("address")
  private val more = RegNextWhen(length - 1, asks).setName("address_more")
  when(moving)(asking := asks)
  when(asks)(last := chosen)
  bus.arvalid := asking
  bus.araddr := base(63 downto 32) @@ address
  bus.arlen := more.resize(8 bits)
  bus.arsize := log2Up(map.memory.beatBytes)
  bus.arburst := B"01" // incrementing
  bus.arcache := B"0011" // normal memory, bufferable
  bus.arprot := B"000" // unprivileged, secure data
  bus.rready := True

  // Whose bursts are under way, the oldest first.
  private val ends = (bus.rvalid && bus.rlast).setName("burst_ends")
  private val order = if (clients.size == 1) None else Some(new Order)
  when(asks && !ends)(under_way := under_way + 1)
  when(!asks && ends)(under_way := under_way - 1)
  private val whose = order.fold(B(1, 1 bits))(_.oldest).setName("burst_of")
  private val arrives = RegNext(bus.rvalid && reading).init(False).setName("beat_arrives")
  private val to = RegNext(whose).setName("beat_of")
  private val data = RegNext(bus.rdata).setName("beat_data")
  clients.zipWithIndex.foreach { case (client, i) => client.push(arrives && to(i), data) }

  idle := (under_way === 0 && !reading && !asking).setName("nothing_under_way")
  full := reading && !wants.orR && under_way === 0 && !arrives
  when(idle && starts)(reading := True)
  when(reading && stops)(reading := False)
  when(idle)(failed := False)
  when(bus.rvalid && reading && bus.rresp.msb)(failed := True)

  /** One of those that want a burst, as a bit. */
  private def turn(): Bits = {
    def lowest(bits: Bits) = bits & (~bits.asUInt + 1).asBits
    if (clients.size == 1) wants
    else {
      val behind = (wants & ~((last.asUInt - 1).asBits | last)).setName("wants_behind")
      (behind.orR ? lowest(behind) | lowest(wants)).setName("chosen")
    }
  }

  private def choose(values: Seq[UInt]): UInt =
    values.zipWithIndex.map { case (value, i) => chosen(i) ? value | U(0, value.getWidth bits) }.reduce(_ | _)

  private def end(number: Int): RegionEnd = lasts(number).fold[RegionEnd](new ConstantEnd(regions(number)))(new LoadedPlace(regions(number), _))

  /** The last burst of a region, counted from the first of all, and how many of its beats are read. */
  private trait RegionEnd {
    def burst: UInt
    def limit: UInt
  }

  private final class ConstantEnd(region: MemoryMap.Region) extends RegionEnd {
    private val last_place = region.end - 1
    override def burst: UInt = U(last_place >> inside)
    override def limit: UInt = U((last_place & (BURST_BEATS - 1)) + 1, inside + 1 bits)
  }

  private final class LoadedPlace(region: MemoryMap.Region, last: UInt) extends Area with RegionEnd {
    private val prefix = region.unit
    private val place = (last.resize(placeBits bits) + region.firstWords).setName(prefix + "_last_place")
    override val burst: UInt = RegNext(place(placeBits - 1 downto inside)).setName(prefix + "_end")
    override val limit: UInt = RegNext(place(inside - 1 downto 0).resize(inside + 1 bits) + 1).setName(prefix + "_end_beats")
  }

  /** What is read for one unit. */
  private final class Client(region: MemoryMap.Region, queue: BeatQueue, out: BeatStream[Bits], end: RegionEnd) extends Area {
    private val prefix = region.unit
    val at = Reg(UInt(placeBits bits)).init(region.first).setName(prefix + "_at")
    private val room = Reg(UInt(log2Up(queueBeats + 1) bits)).init(queueBeats).setName(prefix + "_room")
    val wants = (reading && room >= BURST_BEATS).setName(prefix + "_wants")
    private val is_last = (at(placeBits - 1 downto inside) === end.burst).setName(prefix + "_last_burst")
    private val limit = is_last ? end.limit | U(BURST_BEATS, inside + 1 bits)
    val length = (limit.setName(prefix + "_limit") - at(inside - 1 downto 0)).setName(prefix + "_length")
    private def asked = asks && chosen(regions.indexOf(region))

    out << queue.pop

    def push(valid: Bool, beat: Bits): scala.Unit = {
      queue.push.valid := valid
      queue.push.payload := beat
      val taken = out.fire.setName(prefix + "_taken")
      val claimed = (asked ? length | U(0, inside + 1 bits)).setName(prefix + "_claimed")
      room := room - claimed + taken.asUInt
      when(asked) {
        at := (at(placeBits - 1 downto inside) + 1) @@ U(0, inside bits)
        when(is_last)(at := region.again)
      }
      when(!reading) {
        room := queueBeats
        at := region.first
      }
    }
  }

  /** A queue of clients; it never has more than there are bursts. */
  private final class Order extends Area {
    private val size = map.mostBursts
    private val places = Vec(Reg(Bits(clients.size bits)), size).setName("burst_order")
    private val push = new Count(size)
    private val pop = new Count(size)
    push.setName("order_push")
    pop.setName("order_pop")
    for ((place, i) <- places.zipWithIndex) when(asks && push.at === i)(place := chosen)
    push.advance(asks)
    pop.advance(ends)
    val oldest: Bits = places(pop.at)
  }
}
