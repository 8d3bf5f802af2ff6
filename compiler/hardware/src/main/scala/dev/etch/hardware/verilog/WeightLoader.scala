// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog

import dev.etch.hardware.LoadMap
import spinal.core._

/** Takes images of weights from the registers, checks them, and sends their words to the memories of the units.
  *
  * An image is a series of addresses and words in the order in which they are written to their registers; the first word
  * is the hash of the design. It is whole if length and CRC-32 (IEEE 802.3, of all addresses and words, the lowest byte
  * first) are right.
  *
  * With one buffer of each memory, the host sends it twice: to be checked, and to be written. Words reach the memories only
  * while no frame is inside, behind a pass that was whole. If the second pass is not, or not all of its words were written,
  * no frame begins until an image was written whole.
  *
  * With two, words reach the buffer that frames do not use, at any time; an image of which all words were written and that
  * is whole takes effect, see [[BufferSwap]]. Until it does, no words are written.
  *
  * The CRC takes a byte in each of the cycles behind a word; the bus waits for it.
  *
  * @param hash
  *   of the design
  * @param held
  *   whether the input stands before a frame, and no frame is inside
  */
final class WeightLoader(registers: ControlRegisters, map: LoadMap, hash: Int, held: Bool) extends Area {
  private val hold = registers.setting("loadControl.hold").lsb.setName("load_hold")
  private val writes = registers.setting("loadControl.write").lsb.setName("load_writes")
  // What a reset interrupts is not whole: all begins as the reset of the bus leaves it.
  private val begins =
    (registers.strobe("loadControl.begin").lsb || registers.strobe("control.softReset").lsb).setName("load_begins")
  private val jumps = registers.arrives("loadAddress").setName("load_jumps")
  private val arrives = registers.arrives("loadData").setName("load_arrives")
  private val ends = registers.arrives("loadCheck").setName("load_ends")

  private val swap = Option.when(map.isDoubled)(new BufferSwap)
  private val holdsFrames = swap.fold(hold)(hold || _.waits)
  private val idle = Standstill(holdsFrames && held, "load")

  private val crc = Reg(Bits(32 bits)).init(WeightLoader.Start).setName("load_crc")
  private val count = Reg(UInt(log2Up(map.words + 3) bits)).init(0).setName("load_count")
  private val foreign = Reg(Bool()).init(True).setName("load_foreign")
  private val skipped = Reg(Bool()).init(False).setName("load_skipped")
  private val place = Reg(UInt(log2Up(map.addresses) bits)).setName("load_place")
  private val checked = Reg(Bool()).init(False).setName("load_checked")
  private val refused = Reg(Bool()).init(False).setName("load_refused")

  // What stands in the memories outlives a reset, and so does what is known of it.
  private val lasting = new ClockingArea(WeightLoader.lastingDomain) {
    val broken = Reg(Bool()).init(False).setName("load_broken")
    val present = Reg(Bits(32 bits)).init(0).setName("load_present")
  }
  import lasting.{broken, present}
  private val word = Reg(Bits(32 bits)).setName("load_word")
  // A bit for each byte of the word that the CRC lacks.
  private val lacking = Reg(Bits(4 bits)).init(0).setName("load_lacking")
  private val header = (count === 0).setName("load_header")
  private val surplus = (count > map.words).setName("load_surplus")

  /** Whether an image was written in part. */
  def isBroken: Bool = broken

  /** Whether no frame may begin. */
  val holds: Bool = (holdsFrames || broken).setName("load_holds")

  val port = LoadPort(map.isDoubled).setName("load")
  private val armed = (writes && swap.fold(checked && idle)(!_.waits)).setName("load_armed")
  port.valid := RegNext(arrives && armed && !header && !surplus).init(False).setName("load_sends")
  port.address := place.resized
  port.data := word
  port.awake := !ClockDomain.current.isResetActive

  if (!map.isDoubled) when(port.valid && port.awake)(broken := True)
  when(jumps)(place := registers.word("loadAddress").asUInt.resized)
  when(RegNext(arrives && !header).init(False).setName("load_steps"))(place := place + 1)
  when(arrives) {
    when(count =/= map.words + 2)(count := count + 1)
    when(header)(foreign := registers.word("loadData") =/= B(BigInt(Integer.toUnsignedLong(hash)), 32 bits))
    when(!armed)(skipped := True)
  }

  registers.busy.foreach(_ := lacking.lsb)
  when(lacking.lsb) {
    crc := WeightLoader.crc(crc, word(7 downto 0))
    word := word |>> 8
    lacking := lacking |>> 1
  }
  when(jumps || arrives) {
    word := (jumps ? registers.word("loadAddress") | registers.word("loadData"))
    lacking.setAll()
  }

  // It stands until the cycle that decides.
  private val own = (~crc).setName("load_own_crc")

  // Known a cycle late: the comparisons are in no other path.
  private val sound =
    RegNext(own === registers.word("loadCheck") && count === map.words + 1 && !foreign).setName("load_sound")
  private val decides = RegNext(ends).init(False).setName("load_decides")
  private val wrote = RegNext(ends && armed && !skipped).init(False).setName("load_wrote")
  when(decides) {
    refused := !sound
    checked := sound
    when(sound && wrote && port.awake) {
      swap match {
        case Some(buffers) => buffers.request(own)
        case None          => takeEffect(own)
      }
    }
  }
  for (buffers <- swap; buffer <- port.buffer; swaps <- port.swaps) {
    buffers.finish(idle && port.awake)
    buffer := buffers.active
    swaps := buffers.swaps
    when(swaps)(takeEffect(buffers.next))
  }
  when(begins) {
    crc := WeightLoader.Start
    count := 0
    foreign := True
    skipped := False
    refused := False
  }

  private def takeEffect(crc: Bits): scala.Unit = {
    broken := False
    present := crc
  }

  registers.shown("loadStatus.idle") := idle.asBits
  registers.shown("loadStatus.checked") := checked.asBits
  registers.shown("loadStatus.refused") := refused.asBits
  registers.shown("loadStatus.broken") := broken.asBits
  registers.shown("loadImage") := present
  for (buffers <- swap) {
    registers.shown("loadStatus.waits") := buffers.waits.asBits
    registers.shown("loadStatus.buffer") := buffers.active.asBits
  }
}

/** Which of two buffers frames use. It changes while no frame is inside, and frames wait until every memory is told; so no
  * unit has to know where a frame ends.
  */
private final class BufferSwap extends Area {

  /** What frames use outlives a reset, as do the memories. */
  private val lasting = new ClockingArea(WeightLoader.lastingDomain) {
    val active = Reg(Bool()).init(False).setName("load_buffer")
  }

  /** The buffer. */
  def active: Bool = lasting.active

  /** Whether a whole image waits, or has just taken effect: no frame begins. */
  val waits: Bool = Reg(Bool()).init(False).setName("load_waits")

  /** The CRC of what waits. */
  val next: Bits = Reg(Bits(32 bits)).setName("load_next")

  /** Whether the buffer is the other from the next cycle on. */
  val swaps: Bool = Bool().setName("load_swaps")

  private val done = Reg(Bool()).init(False).setName("load_swapped")

  /** An image was written whole. */
  def request(crc: Bits): scala.Unit = {
    waits := True
    next := crc
  }

  /** @param idle
    *   whether no frame is inside, and none begins while an image waits
    */
  def finish(idle: Bool): scala.Unit = {
    swaps := waits && idle && !done
    when(swaps) {
      active := !active
      done := True
    }
    when(Delay(swaps, BufferSwap.Told, "load_swaps")) {
      waits := False
      done := False
    }
  }
}

private object BufferSwap {

  /** Cycles until every memory reads the other buffer, and what it read before is in no register behind it. */
  val Told = 4
}

private object WeightLoader {

  /** Registers that an FPGA starts with and no reset changes. */
  def lastingDomain: ClockDomain =
    ClockDomain(ClockDomain.current.readClockWire, config = ClockDomainConfig(resetKind = BOOT))

  /** The CRC of nothing. */
  def Start: Bits = B(BigInt("ffffffff", 16), 32 bits)

  private val Polynomial = BigInt("edb88320", 16)

  /** The CRC behind 8 more bits: a sum of those of single bits, as the code is linear. */
  def crc(before: Bits, byte: Bits): Bits = {
    val mixed = (before(7 downto 0) ^ byte).setName("load_mixed")
    val columns = (0 until 8).map(bit => shifted(BigInt(1) << bit))
    Cat((0 until 32).map { bit =>
      val terms = columns.indices.filter(columns(_).testBit(bit)).map(mixed(_))
      (if (bit < 24) before(bit + 8) +: terms else terms).reduce(_ ^ _)
    })
  }

  private def shifted(value: BigInt): BigInt =
    (0 until 8).foldLeft(value)((rest, _) => if (rest.testBit(0)) (rest >> 1) ^ Polynomial else rest >> 1)
}
