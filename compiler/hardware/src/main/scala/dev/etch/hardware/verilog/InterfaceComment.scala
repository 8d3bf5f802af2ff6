// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog

import dev.etch.hardware.RegisterMap.{Access, Field, Register}
import dev.etch.hardware.{Design, RegisterMap, Stream}

import scala.jdk.CollectionConverters._

/** What a person who connects the accelerator has to know, for the top of the Verilog. */
object InterfaceComment {

  /** The formats of the streams, and the registers. */
  def apply(design: Design): String = {
    val streams = Seq(
      frame("s_axis", design.input) + " TLAST marks the last beat; a mark that is missing or early sets a flag in the register error."
    ) ++ design.outputs.asScala.map(output => frame(output.name, output.stream) + " TLAST marks the last beat.") ++ severalOutputs(design)
    val order = "The elements of a frame come row by row, of a row pixel by pixel, of a pixel channel by channel."
    val clock = "One clock, aclk; aresetn is synchronous and active low. Input is taken while control.run is 1."
    val bus = "s_axi is AXI4-Lite with 32-bit words, written as a whole; other addresses answer SLVERR. Registers:"
    (streams ++ Seq(order, clock, bus) ++ RegisterMap.of(design).asScala.flatMap(describe)).mkString("\n")
  }

  /** What to know of several outputs. */
  private def severalOutputs(design: Design): Seq[String] =
    if (design.outputs.size == 1) Seq()
    else
      Seq(
        "Take the beats of each output whenever they come: one output may need room before another has its frame. A frame " +
          "has left when all outputs have given it."
      )

  private def frame(port: String, stream: Stream): String = {
    val beat = stream.`type`
    val container = Containers.bits(beat) / beat.elements
    s"$port: frames of ${stream.beatsPerFrame} beats of ${beat.elements} x ${beat.element} in $container bits each" +
      s"${if (beat.elements > 1) ", the first lowest" else ""}."
  }

  private def describe(register: Register): Seq[String] =
    f"  0x${register.offset}%02x ${access(register.access)}%-3s ${register.name}: ${register.description}" +:
      register.fields.asScala.toSeq.map(field => s"           ${bits(field)} ${field.name}: ${field.description}")

  private def bits(field: Field): String =
    if (field.width == 1) s"[${field.bit}]" else s"[${field.bit + field.width - 1}:${field.bit}]"

  private def access(access: Access): String = access match {
    case Access.READ_ONLY          => "RO"
    case Access.READ_WRITE         => "RW"
    case Access.WRITE_ONLY         => "WO"
    case Access.WRITE_ONE_TO_CLEAR => "W1C"
  }
}
