// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.matrix

import dev.etch.hardware.MatrixCode
import dev.etch.hardware.verilog.Rom
import spinal.core._

import scala.jdk.CollectionConverters._

/** The image of a lane in a read-only memory of its own. */
private[matrix] object RomImage {
  def apply(code: MatrixCode, number: Int, sequencer: MatrixSequencer)(takes: Bool): Bits = {
    val prefix = s"lane$number"
    val words = code.image(number).asScala.map(BigInt(_)).toSeq
    val at = Reg(UInt(log2Up(words.size) bits)).init(0).setName(prefix + "_image_at")
    when(takes)(at := at + 1)
    when(sequencer.restarting)(at := 0)
    Rom.memory(prefix + "_image", words, code.imageBits).readSync(at, takes)
  }
}
