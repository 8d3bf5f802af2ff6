// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.requantizer

import dev.etch.hardware.PipelineStages.REQUANTIZER
import dev.etch.hardware.requantizer.Table
import spinal.core._

/** A [[Table]]: a memory addressed by the channel and the raw bits of the operand, so that no subtraction is in
  * the way.
  */
final class TableHardware(form: Table, place: RequantizerPlace) {
  import place.{accumulator, pipeline, range}

  /** The output element, at the end of the last stage. */
  def build(): Bits = {
    val size = form.tables.get(0).size
    require(range._1 >= form.low && range._2 < form.low + size)
    val table = place.table("table")
    val operand = accumulator.resize(log2Up(size) bits).asUInt
    val address = if (table.entries.size == size) operand else place.index(0) @@ operand
    val word = pipeline.rom(table, stage => pipeline.delay(address, 0, stage, "entry"))
    pipeline.delay(word, table.stage, REQUANTIZER, "result")
  }
}
