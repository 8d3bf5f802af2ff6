// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.requantizer

import dev.etch.hardware.verilog.Pipeline
import spinal.core._

import scala.collection.mutable

/** Which channel's accumulator goes through a pipeline.
  *
  * @param first
  *   two stages before the accumulator is an output of stage 0
  */
final class ChannelIndex(pipeline: Pipeline, first: UInt) {
  private val late = mutable.ArrayBuffer(first)

  /** The channel at the end of a stage. */
  def apply(stage: Int): UInt = {
    while (late.size <= stage - ChannelIndex.First) {
      late += pipeline.register(late.size + ChannelIndex.First, "channel", late.last)
    }
    late(stage - ChannelIndex.First)
  }
}

private object ChannelIndex {
  val First: Int = -2
}
