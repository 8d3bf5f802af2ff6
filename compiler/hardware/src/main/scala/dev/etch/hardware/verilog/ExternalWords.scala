// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog

import dev.etch.hardware.MemoryMap
import spinal.core._

import scala.collection.mutable
import scala.jdk.CollectionConverters._

/** The words that units read from outside: the reader, its registers, and when frames may begin.
  *
  * While `memoryControl.enable` is 0 no new frame begins; when none is inside, reading ends, and begins at the first word
  * when the bit is 1 again. So no frame has words of two images. If the host loads what belongs to the words, nothing is
  * read while that changes, and all is read anew when it is whole.
  *
  * @param reset
  *   whether the units are being reset
  * @param held
  *   whether the input stands before a frame, and no frame is inside
  * @param broken
  *   whether an image was loaded in part, if the host loads what belongs to the words
  */
final class ExternalWords(
    map: MemoryMap,
    moduleName: String,
    registers: ControlRegisters,
    reset: Bool,
    held: Bool,
    broken: Option[Bool]
) extends Area {
  private val reader = new MemoryReader(map, moduleName).setName("memory_reader")
  private val enabled = registers.setting("memoryControl.enable").lsb.setName("memory_enabled")
  private val primed = mutable.ArrayBuffer[Bool]()
  private val ready = Reg(Bool()).init(False).setName("memory_ready")

  reader.base := registers.setting("memoryAddressHigh").asUInt @@ registers.setting("memoryAddressLow").asUInt
  // Whether what belongs to the words changes, or is not whole.
  private val changes = broken.map(_ => Bool().setName("memory_changes"))
  private val starts = enabled && !reset
  private val stops = reset || Standstill(!enabled && held, "memory")
  reader.starts := changes.fold(starts)(starts && !_)
  reader.stops := changes.fold(stops)(stops || _)
  registers.shown("memoryStatus.ready") := ready.asBits
  registers.shown("memoryStatus.idle") := reader.idle.asBits
  registers.shown("memoryStatus.error") := reader.failed.asBits
  private val loaded = mutable.ArrayBuffer[LoadedEnd]()

  val dataBits: Int = map.memory.dataBits
  val bus: ReadChannels = reader.bus

  /** Whether no frame may begin. */
  val holds: Bool = (!enabled || !ready || !reader.reading).setName("memory_holds")

  /** Joins a unit. */
  def connect(unit: String, port: WordPort): scala.Unit = {
    val number = map.regions.asScala.indexWhere(_.unit == unit)
    port.beats << reader.beats(number)
    for (end <- port.loaded; last <- reader.lasts(number)) {
      last := end.last
      loaded += end
    }
    port.restarts := !reader.reading
    primed += port.primed
  }

  /** Call it once, behind the last unit. */
  def finish(): scala.Unit = {
    when(reader.full && primed.reduce(_ && _))(ready := True)
    when(!reader.reading)(ready := False)
    for (changing <- changes; part <- broken) changing := part || !loaded.map(_.settled).reduce(_ && _)
    if (broken.nonEmpty) registers.shown("memoryStatus.foreign") := loaded.map(_.foreign).reduce(_ || _).asBits
  }
}
