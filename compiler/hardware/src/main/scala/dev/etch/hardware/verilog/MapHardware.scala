// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog

import dev.etch.hardware.{LoadMap, MapUnit}
import dev.etch.hardware.verilog.requantizer.{ChannelIndex, RequantizerPipeline}
import spinal.core._
import spinal.lib.{master, slave, Stream => BeatStream}

import scala.jdk.CollectionConverters._

/** A [[MapUnit]]. */
final class MapHardware(unit: MapUnit, moduleName: String, loads: LoadMap) extends Component {
  setDefinitionName(moduleName)
  private val from = unit.input.`type`
  private val to = unit.output.`type`
  val input = slave(BeatStream(Bits(from.bits bits)))
  val output = master(BeatStream(Bits(to.bits bits)))
  val load = LoadedMemories.port(loads, slave(_))
  private val memories = LoadedMemories.of(load, loads)

  val stages = new ElasticPipeline(input.valid, output.ready)
  input.ready := stages.ready
  output.valid := stages.valid

  private val beatsOfRun = if (unit.run == 1) 1 else unit.run / from.elements
  val within = new Count(beatsOfRun)
  val beat = new Count(unit.channelBeats)
  private val moving = input.valid && input.ready
  within.advance(moving)
  beat.advance(moving && within.last)

  output.payload := Cat((0 until from.elements).map { i =>
    val pipeline = stages.pipeline("element" + i, first = 1, memories)
    val operand = pipeline.delay(Elements.signed(input.payload, i, from.element), -2, 0, "operand")
    new RequantizerPipeline(
      unit.requantizer,
      pipeline,
      unit.channelsOf(i).asScala.toSeq.map(_.intValue),
      new ChannelIndex(pipeline, beat.at),
      operand,
      Elements.range(from.element),
      to.element
    ).build()
  })
}
