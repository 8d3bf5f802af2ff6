// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog

import spinal.core._
import spinal.lib.{IMasterSlave, master, Stream => BeatStream}

/** What a unit and the [[MemoryReader]] have to say to each other; the unit is the slave. */
final case class WordPort(dataBits: Int) extends Bundle with IMasterSlave {
  val beats = BeatStream(Bits(dataBits bits))

  /** Whether nothing is read, so that all begins anew. */
  val restarts = Bool()

  /** Whether the unit has as much as it has room for. */
  val primed = Bool()

  override def asMaster(): scala.Unit = {
    master(beats)
    out(restarts)
    in(primed)
  }
}
