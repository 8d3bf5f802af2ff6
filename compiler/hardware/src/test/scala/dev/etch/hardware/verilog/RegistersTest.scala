// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog

import dev.etch.hardware.RegisterMap.Register
import dev.etch.hardware.{Design, RegisterMap, WidthUnit}
import dev.etch.tensor.IntegerType
import org.junit.jupiter.api.Assertions.{assertEquals, assertTrue}
import org.junit.jupiter.api.Test

import scala.jdk.CollectionConverters._

/** What the bus reads after three frames of six beats in and two beats out. */
final class RegistersTest {
  private val frames = Seq.fill(3)(Seq(1, -2, 3, -4, 5, -6))

  private def design: Design = {
    val input = Designs.stream("input", 1, new IntegerType(7, true), 6)
    val output = Designs.stream("output", 3, new IntegerType(7, true), 2)
    Designs.of(new WidthUnit("up", "x", input, output))
  }

  @Test
  def tellsWhatItIsAndWhatItDid(): scala.Unit = {
    val trace = Simulation.run(design, frames)
    def read(register: Register): Long = trace.registers(register.offset)
    assertEquals(RegisterMap.IDENTITY_VALUE.toLong, read(RegisterMap.IDENTITY))
    assertEquals(RegisterMap.VERSION_VALUE.toLong, read(RegisterMap.VERSION))
    assertEquals(42L, read(RegisterMap.DESIGN_HASH))
    assertEquals(1L, read(RegisterMap.CONTROL))
    assertEquals(0L, read(RegisterMap.STATUS))
    assertEquals(0L, read(RegisterMap.ERROR))
    assertEquals(1L, read(RegisterMap.INTERRUPT_PENDING))
    assertEquals(3L, read(RegisterMap.FRAMES_IN))
    assertEquals(3L, read(RegisterMap.FRAMES_OUT))
    assertEquals(18L, read(RegisterMap.INPUT_BEATS))
    assertEquals(6L, read(RegisterMap.OUTPUT_BEATS))
    assertEquals(6L, read(RegisterMap.INPUT_FRAME_BEATS))
    assertEquals(2L, read(RegisterMap.OUTPUT_FRAME_BEATS))
    assertEquals(1L << 16 | 1 << 15 | 7 << 8 | 8, read(RegisterMap.INPUT_FORMAT))
    assertEquals(3L << 16 | 1 << 15 | 7 << 8 | 8, read(RegisterMap.OUTPUT_FORMAT))
    assertTrue(read(RegisterMap.CYCLES_LOW) > 18)
    assertEquals(Seq(false, true), trace.outputs.take(2).map(_._3), "TLAST")
  }

  @Test
  def wrongTlastSetsBothFlags(): scala.Unit = {
    val trace = Simulation.run(design, frames, Simulation.Options(lastShift = 1))
    assertEquals(3L, trace.registers(RegisterMap.ERROR.offset))
    assertEquals(2L, trace.registers(RegisterMap.STATUS.offset))
    assertEquals(frames.flatten, trace.elements)
  }

  @Test
  def onlyKnownAddressesAnswerOkay(): scala.Unit = {
    val known = RegisterMap.registers.asScala.map(_.offset).toSet
    val trace = Simulation.run(design, frames)
    for ((offset, response) <- trace.responses) {
      assertEquals(if (known(offset)) 0 else 2, response, s"address $offset")
    }
    assertTrue(trace.responses.exists(r => !known(r._1)))
  }
}
