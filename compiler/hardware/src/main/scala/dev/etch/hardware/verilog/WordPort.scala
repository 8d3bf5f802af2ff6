// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog

import spinal.core._
import spinal.lib.{IMasterSlave, master, Stream => BeatStream}

/** What a unit and the [[MemoryReader]] have to say to each other; the unit is the slave.
  *
  * @param endBits
  *   of the number of the last chunk, if the host loads what belongs to the words
  */
final case class WordPort(dataBits: Int, endBits: Option[Int]) extends Bundle with IMasterSlave {
  val beats = BeatStream(Bits(dataBits bits))

  /** Whether nothing is read, so that all begins anew. */
  val restarts = Bool()

  /** Whether the unit has as much as it has room for. */
  val primed = Bool()

  /** What is known of the words that belong to what was loaded. */
  val loaded = endBits.map(new LoadedEnd(_))

  override def asMaster(): scala.Unit = {
    master(beats)
    out(restarts)
    in(primed)
    loaded.foreach(end => in(end.settled, end.last, end.foreign))
  }
}

/** What a unit knows of words outside that may be others later. */
final class LoadedEnd(bits: Int) extends Bundle {

  /** Whether it knows where they end; while it does not, none may be read. */
  val settled = Bool()

  /** The number of the last chunk. */
  val last = UInt(bits bits)

  /** Whether those that are read belong to another image. */
  val foreign = Bool()
}
