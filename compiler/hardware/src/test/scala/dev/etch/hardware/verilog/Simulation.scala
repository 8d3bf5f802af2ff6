// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog

import dev.etch.hardware.{Design, RomContents, StreamType, Target}

import java.nio.file.{Files, Path}
import scala.jdk.CollectionConverters._
import scala.sys.process._

/** What a simulation saw.
  *
  * @param fed
  *   cycles in which an input beat was taken
  * @param outputs
  *   (cycle, elements, last) of each output beat
  * @param registers
  *   values after the run, by offset
  * @param responses
  *   how each register's read was answered: 0 is OKAY, 2 is SLVERR
  */
final case class Trace(
    fed: Seq[Int],
    outputs: Seq[(Int, Seq[Int], Boolean)],
    registers: Map[Int, Long],
    responses: Map[Int, Int]
) {

  /** All output elements in order. */
  def elements: Seq[Int] = outputs.flatMap(_._2)
}

/** Runs designs on Icarus Verilog. */
object Simulation {

  /** Options of a run: stalls in percent, the seed of the stalls, after how many beats to reset, by
    * how many beats TLAST comes too early.
    */
  final case class Options(
      stallIn: Int = 0,
      stallOut: Int = 0,
      seed: Int = 1,
      resetAfter: Int = 0,
      lastShift: Int = 0
  )

  /** Feeds frames of elements, back to back. */
  def run(design: Design, frames: Seq[Seq[Int]], options: Options = Options()): Trace = {
    val folder = Files.createTempDirectory("etch-test")
    try simulate(design, frames, options, folder)
    finally Files.walk(folder).iterator.asScala.toSeq.reverse.foreach(Files.delete(_))
  }

  private def simulate(design: Design, frames: Seq[Seq[Int]], options: Options, folder: Path): Trace = {
    VerilogGenerator.generate(design, "test", folder, 42, RomContents.IN_VERILOG, Target.GENERIC)
    val from = design.input.`type`
    val output = design.outputs.get(0).stream
    val beats = frames.flatten.grouped(from.elements).map(hex(_, from)).toSeq
    assert(beats.size == frames.size * design.input.beatsPerFrame)
    Files.writeString(folder.resolve("input.hex"), beats.mkString("\n"))
    Files.copy(getClass.getResourceAsStream("bench.v"), folder.resolve("bench.v"))
    val expected = frames.size * output.beatsPerFrame
    val macros = Map(
      "TOP" -> design.name,
      "IN_BITS" -> container(from) * from.elements,
      "OUT_BITS" -> container(output.`type`) * output.`type`.elements,
      "IN_BEATS" -> beats.size,
      "IN_FRAME" -> design.input.beatsPerFrame,
      "OUT_BEATS" -> expected,
      "STALL_IN" -> options.stallIn,
      "STALL_OUT" -> options.stallOut,
      "SEED" -> options.seed,
      "RESET_AFTER" -> options.resetAfter,
      "LAST_SHIFT" -> options.lastShift,
      "TIMEOUT" -> 100000
    ).map { case (name, value) => s"-D$name=$value" }.toSeq
    val sources = Seq("bench.v", design.name + ".v")
    execute(Seq("iverilog", "-g2005", "-o", "bench.vvp") ++ macros ++ sources, folder)
    parse(execute(Seq("vvp", "-n", "bench.vvp"), folder), output.`type`)
  }

  /** Runs a program; its output, or an error with it. */
  def execute(command: Seq[String], folder: Path): Seq[String] = {
    val lines = scala.collection.mutable.ArrayBuffer[String]()
    val logger = ProcessLogger(line => lines.synchronized(lines += line))
    val code = Process(command, folder.toFile).!(logger)
    if (code != 0) throw new AssertionError(s"${command.mkString(" ")}\n${lines.mkString("\n")}")
    lines.toSeq
  }

  private def parse(lines: Seq[String], to: StreamType): Trace = {
    val after = lines.drop(lines.lastIndexWhere(_.startsWith("S ")) + 1).map(_.split(' '))
    val outputs = after.collect { case Array("O", cycle, data, last) =>
      (cycle.toInt, elements(BigInt(data, 16), to), last == "1")
    }
    val fed = after.collect { case Array("I", cycle) => cycle.toInt }
    val reads = after.collect { case Array("R", offset, value, response) =>
      (offset.toInt, value.toLong, response.toInt)
    }
    val registers = reads.map(r => r._1 -> r._2).toMap
    Trace(fed, outputs, registers, reads.map(r => r._1 -> r._3).toMap)
  }

  private def container(beat: StreamType) = beat.element.storageBytes * 8

  private def hex(beat: Seq[Int], beatType: StreamType): String = {
    val bits = container(beatType)
    val mask = (BigInt(1) << bits) - 1
    beat.zipWithIndex.map { case (e, i) => (BigInt(e) & mask) << (i * bits) }.sum.toString(16)
  }

  private def elements(data: BigInt, beatType: StreamType): Seq[Int] = {
    val bits = container(beatType)
    (0 until beatType.elements).map { i =>
      val raw = (data >> (i * bits)) & ((BigInt(1) << bits) - 1)
      val negative = beatType.element.signed && raw.testBit(bits - 1)
      (if (negative) raw - (BigInt(1) << bits) else raw).toInt
    }
  }
}
