// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog

import dev.etch.hardware.RegisterMap
import dev.etch.hardware.RegisterMap.{Access, Field, Register}
import spinal.core._
import spinal.lib.bus.amba4.axilite.{AxiLite4, AxiLite4Config, AxiLite4SlaveFactory}
import spinal.lib.bus.misc.DefaultMapping
import spinal.lib.slave

import scala.collection.mutable
import scala.jdk.CollectionConverters._

/** The AXI4-Lite registers, built from [[RegisterMap]]; writes are whole words, other addresses
  * answer SLVERR.
  *
  * @param constants
  *   values of fields that never change, by "register" or "register.field"
  * @param registers
  *   all that there are
  */
final class ControlRegisters(moduleName: String, constants: Map[String, BigInt], registers: Seq[Register])
    extends Component {
  import ControlRegisters._
  setDefinitionName(moduleName)
  val bus = slave(AxiLite4(AxiLite4Config(RegisterMap.ADDRESS_BITS, 32)))
  private val factory = AxiLite4SlaveFactory(registeredAnswers(bus))
  private val write_data = Bits(32 bits)
  factory.nonStopWrite(write_data, 0)

  private val inputs = collect(Kind.Shown, Kind.Sticky) { (name, width) =>
    constants.get(name).map(B(_, width bits)).getOrElse(in(Bits(width bits)).setName(port(name)))
  }
  private val settings = collect(Kind.Setting) { (name, width) =>
    out(Reg(Bits(width bits)).init(0)).setName(port(name))
  }
  private val words = collect(Kind.Word) { (name, width) =>
    out(Bits(width bits)).setName(port(name))
  }

  /** Whether writes have to wait, if there are words: what takes them is not done with the last. */
  val busy: Option[Bool] = if (words.isEmpty) None else Some(in(Bool()).setName("words_busy"))
  busy.foreach(when(_)(factory.writeHalt()))
  private val strobes = collect(Kind.Sticky, Kind.Strobe) { (name, width) =>
    out(Bits(width bits)).setName(port(name) + "_strobe")
  }

  private val writes = mutable.Map[Register, Bool]()
  private val arrivals = mutable.Map[String, Bool]()
  for ((name, register, field) <- ControlRegisters.fields(registers)) {
    val offset = register.offset
    val value = write_data(field.bit, field.width bits)
    val writing = written(register)
    inputs.get(name).foreach(factory.read(_, offset, field.bit))
    settings.get(name).foreach { setting =>
      factory.read(setting, offset, field.bit)
      when(writing)(setting := value)
    }
    words.get(name).foreach { word =>
      factory.read(B(0, field.width bits), offset, field.bit)
      word := value
      arrivals(name) = out(Bool()).setName(port(name) + "_strobe")
      arrivals(name) := writing
    }
    strobes.get(name).foreach(_ := writing ? value | B(0, field.width bits))
  }
  private val cycles_read = out(factory.isReading(RegisterMap.CYCLES_LOW.offset))
  // The default mapping sees every access, known addresses too.
  factory.onReadPrimitive(DefaultMapping, false, null) {
    when(!isKnown(factory.readAddress()))(factory.readError())
  }
  factory.onWritePrimitive(DefaultMapping, false, null) {
    when(!isKnown(factory.writeAddress()))(factory.writeError())
  }

  /** Whether the register is written in this cycle; of those that may be. */
  private def written(register: Register): Bool =
    writes.getOrElseUpdate(register, factory.isWriting(register.offset).setName(port(register.name) + "_written"))

  /** Where the core shows the value of a field that the bus reads. */
  def shown(name: String): Bits = inputs(name)

  /** A field that the bus writes. */
  def setting(name: String): Bits = settings(name)

  /** The bits of a field that are written 1 in this cycle. */
  def strobe(name: String): Bits = strobes(name)

  /** What the bus writes to a register of words. */
  def word(name: String): Bits = words(name)

  /** Whether it writes there in this cycle. */
  def arrives(name: String): Bool = arrivals(name)

  /** Whether a register has this byte address. */
  private def isKnown(address: UInt): Bool =
    registers.map(r => address === r.offset).reduce(_ || _)

  /** Whether the lower half of the cycle counter is read in this cycle. */
  def cyclesRead: Bool = cycles_read

  /** The bus with a register behind what is read: a counter goes on while the master is not ready
    * for the answer, and AXI wants an answer that stays.
    */
  private def registeredAnswers(outer: AxiLite4): AxiLite4 = {
    val inner = AxiLite4(outer.config).setCompositeName(outer, "registered")
    inner.aw << outer.aw
    inner.w << outer.w
    outer.b << inner.b
    inner.ar << outer.ar
    outer.r << inner.r.m2sPipe()
    inner
  }

  private def collect(kinds: Kind.Value*)(make: (String, Int) => Bits): Map[String, Bits] =
    ControlRegisters.fields(registers).collect {
      case (name, register, field) if kinds.contains(kind(name, register)) =>
        name -> make(name, field.width)
    }.toMap

  private def port(name: String) =
    name.replace('.', '_').replaceAll("([A-Z])", "_$1").toLowerCase(java.util.Locale.ROOT)
}

private object ControlRegisters {

  /** Who changes a field: the core alone, the bus alone, both, or the bus for one cycle; words only pass. */
  object Kind extends Enumeration {
    val Shown, Setting, Sticky, Strobe, Word = Value
  }

  /** All fields as "register.field", or "register" where it is one number. */
  def fields(registers: Seq[Register]): Seq[(String, Register, Field)] = registers.flatMap { register =>
    if (register.fields.isEmpty) Seq((register.name, register, new Field("value", 0, 32, "")))
    else register.fields.asScala.map(field => (s"${register.name}.${field.name}", register, field))
  }

  private val Strobes = Set("control.softReset", "loadControl.begin")

  def kind(name: String, register: Register): Kind.Value = register.access match {
    case Access.READ_ONLY                                => Kind.Shown
    case Access.WRITE_ONE_TO_CLEAR                       => Kind.Sticky
    case Access.WRITE_ONLY                               => Kind.Word
    case Access.READ_WRITE if Strobes.contains(name)     => Kind.Strobe
    case Access.READ_WRITE                               => Kind.Setting
  }
}
