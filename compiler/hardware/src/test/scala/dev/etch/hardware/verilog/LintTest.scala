// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog

import dev.etch.hardware.WindowUnit.Operation
import dev.etch.hardware._
import dev.etch.hardware.arithmetic.TieRule
import dev.etch.hardware.requantizer.{Scale, Table}
import dev.etch.lower.{CodedRoom, FrameBeats, LoadableWeights, MacProblem}
import dev.etch.schedule.MacScheduler
import dev.etch.tensor.IntegerType
import org.junit.jupiter.api.Assertions.{assertArrayEquals, assertEquals, assertFalse, assertTrue}
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

import java.nio.file.{Files, Path}
import scala.jdk.CollectionConverters._
import scala.util.Random

/** What the tools say to the Verilog of a design with every kind of unit. */
final class LintTest {
  @TempDir var folder: Path = _

  @Test
  def verilatorHasNothingToSay(): scala.Unit = {
    generate()
    assertEquals(Seq(), run(Seq("verilator", "--lint-only", "-Wall") ++ LintTest.Waived ++ Seq("top.v")))
  }

  @Test
  def icarusHasNothingToSay(): scala.Unit = {
    generate()
    assertEquals(Seq(), run(Seq("iverilog", "-g2005", "-Wall", "-Wno-timescale", "-t", "null", "top.v")))
  }

  @Test
  def yosysFindsNoProblem(): scala.Unit = {
    generate()
    val script = "read_verilog top.v; hierarchy -check -top top; proc; check -assert; " +
      "select -assert-none t:$dlatch"
    val lines = run(Seq("yosys", "-q", "-p", script))
    assertEquals(Seq(), lines.filterNot(_.contains("Replacing memory")))
  }

  @Test
  def aMultiplierIsAStar(): scala.Unit = {
    val verilog = Files.readString(generate())
    // Four lanes of the window, and as many of each matrix.
    assertEquals(4 + 7 * 4, "[^(*/] \\* [^)*]".r.findAllIn(verilog).size)
  }

  /** SpinalHDL's library has two conditions without names in front of the registers' answers. */
  @Test
  def valuesHaveNames(): scala.Unit = {
    val lines = Files.readAllLines(generate()).asScala
    val unnamed = lines.filter(_.contains("_zz_")).filterNot(_.contains("_zz_factory_"))
    assertEquals("", unnamed.mkString("\n"))
    assertEquals("", lines.filter(_.contains("_spinal_port")).mkString("\n"))
  }

  @Test
  def wordsOfWindowsFromOutsideHaveNames(): scala.Unit = {
    for (dataBits <- Seq(64, 512)) {
      val text = Files.readString(generate(LintTest.windowFromOutside(dataBits)))
      assertEquals("", text.linesIterator.filter(_.contains("_zz_")).filterNot(_.contains("_zz_factory_")).mkString("\n"))
      assertTrue(text.contains("if(unit_moves)"))
      assertEquals(Seq(), run(Seq("verilator", "--lint-only", "-Wall") ++ LintTest.Waived ++ Seq("top.v")))
      assertEquals(Seq(), run(Seq("iverilog", "-g2005", "-Wall", "-Wno-timescale", "-t", "null", "top.v")))
    }
  }

  @Test
  def theSameBytesTwice(): scala.Unit = {
    val first = Files.readAllBytes(generate())
    assertArrayEquals(first, Files.readAllBytes(generate()))
    val text = new String(first)
    assertTrue(text.startsWith("// Lint test\n"))
    assertTrue(text.contains("// Layer: test/conv"))
    assertFalse(text.contains(folder.toString))
  }

  private def run(command: Seq[String]): Seq[String] = Simulation.execute(command, folder)

  private def generate(design: Design = LintTest.everything): Path =
    VerilogGenerator.generate(design, "Lint test", folder, 7, RomContents.IN_VERILOG, Target.GENERIC).get(0)
}

object LintTest {

  /** Unused: bits of a sum below the binary point, protection bits of the bus, and the like. One file holds all modules.
    * The port `interrupt` has the name that AXI tools look for.
    */
  private val Waived = Seq("-Wno-UNUSED", "-Wno-DECLFILENAME", "-Wno-SYMRSVDWORD")

  /** A convolution that reads the words of its schedule from outside. */
  private def windowFromOutside(dataBits: Int): Design = {
    val random = new Random(4)
    val int8 = IntegerType.INT8
    val geometry = Geometry(5, 4, 1, 2, 3, 1, 1)
    val terms = Seq.fill(4)(geometry.positions.filter(_ => random.nextBoolean()).map { case (a, e) =>
      Term(a, e, random.between(-128, 128))
    })
    val scale = new Scale(
      Seq(100L, 2000L, 30000L, 1L).map(Long.box).asJava, java.util.List.of(Long.box(1L << 17)), 18,
      TieRule.TO_EVEN, -128, 127)
    val made = Windows.make(
      geometry, terms, 2, 2, Operation.MULTIPLY_ACCUMULATE, int8, int8, scale, new IntegerType(20, true), random = random)
    val memory = ExternalMemory.STANDARD.withDataBits(dataBits)
    val unit = made.unit.withMemory(java.util.Optional.of(memory))
    Designs.chain(unit.input, unit.output, 16, unit)
  }

  /** A design with every kind of unit. */
  def everything: Design = {
    val random = new Random(3)
    val int8 = IntegerType.INT8
    val geometry = Geometry(5, 4, 1, 2, 3, 1, 1)
    val terms = Seq.fill(4)(geometry.positions.filter(_ => random.nextBoolean()).map { case (a, e) =>
      Term(a, e, random.between(-128, 128))
    })
    val scale = new Scale(
      Seq(100L, 2000L, 30000L, 1L).map(Long.box).asJava, java.util.List.of(Long.box(1L << 17)), 18,
      TieRule.TO_EVEN, -128, 127)
    val oneScale = new Scale(
      java.util.List.of(Long.box(77)), java.util.List.of(Long.box(99)), 14, TieRule.TO_ODD, -128, 127)
    def values(channels: Int) =
      Seq.fill(channels)(Seq.fill(256)(Int.box(random.between(-128, 128))).asJava).asJava
    val made = Windows.make(
      geometry, terms, 2, 2, Operation.MULTIPLY_ACCUMULATE, int8, int8, scale, new IntegerType(20, true),
      random = random).unit
    val beats = made.output.beatsPerFrame
    val copies = Seq("a", "b", "c", "d", "e", "f").map(Designs.stream(_, 2, int8, beats))
    val mapped = Designs.stream("mapped", 2, int8, beats)
    val summed = Designs.stream("summed", 2, int8, beats)
    val multiplied = Designs.stream("multiplied", 2, int8, beats)
    val chosen = Designs.stream("chosen", 2, int8, beats)
    val looked = Designs.stream("looked", 2, int8, beats)
    val fixed = Designs.stream("fixed", 2, int8, beats)
    val biased = Designs.stream("biased", 2, int8, beats)
    val joined = Designs.stream("joined", 2, int8, 3 * beats)
    val narrow = Designs.stream("narrow", 1, int8, 6 * beats)
    val sums = Designs.stream("sums", 1, new IntegerType(24, true), 30)
    val coded = Designs.stream("coded", 1, new IntegerType(32, true), 30)
    val packed = Designs.stream("packed", 1, new IntegerType(44, true), 30)
    val read = Designs.stream("read", 1, new IntegerType(49, true), 30)
    val again = Designs.stream("again", 1, new IntegerType(54, true), 30)
    val pairs = Designs.stream("pairs", 2, new IntegerType(54, true), 15)
    val loaded = Designs.stream("loaded", 1, new IntegerType(59, true), 30)
    val outside = Designs.stream("outside", 1, new IntegerType(63, true), 30)
    val index = Designs.stream("index", 1, new IntegerType(4, false), 3)
    val wide = Designs.stream("wide", 3, new IntegerType(4, false), 1)
    val table = (0 until 256).map(v => Long.box(v * v * 31L)).asJava
    val tables = new Sum.Tables(table, -128, table, -128, 15, TieRule.TO_ODD, -128, 127)
    Designs.chain(
      made.input, wide, 130,
      made,
      new ForkUnit("fork", "f", made.output, copies.asJava),
      new MapUnit("map", "m", copies.head, mapped, 4, 1, scale),
      new AddUnit("add", "a", mapped, copies(1), summed, tables),
      new MultiplyUnit("multiply", "p", copies(2), copies(4), multiplied, 3, -128, oneScale),
      new SelectUnit("select", "s", multiplied, chosen, 1, Seq(0).map(Int.box).asJava,
        (0 until beats).reverse.map(Int.box).asJava, Seq(0).map(Int.box).asJava),
      new MapUnit("table", "t", copies(3), looked, 4, 1, new Table(values(4), -128)),
      new ConstantUnit("constant", "k", copies(5), fixed, Seq(1, -2, 3, -4).map(Int.box).asJava),
      new AddUnit("bias", "b", looked, fixed, biased, tables),
      new ConcatUnit("concat", "c", Seq(summed, chosen, biased).asJava, joined, Seq(2, 2, 2).map(Int.box).asJava),
      new WidthUnit("narrow", "n", joined, narrow),
      new MatrixUnit("matrix", "d", narrow, sums, matrix(30, narrow.beatsPerFrame, random), WordSource.ROM),
      new MatrixUnit("decoded", "h", sums, coded, matrix(30, sums.beatsPerFrame, random), WordSource.CODED),
      new MatrixUnit("packed", "j", coded, packed, matrix(30, coded.beatsPerFrame, random), WordSource.PACKED),
      new MatrixUnit("outside", "e", packed, read, matrix(30, packed.beatsPerFrame, random, 1), WordSource.EXTERNAL,
        java.util.Optional.of(ExternalMemory.STANDARD), true),
      new MatrixUnit("next", "y", read, again, matrix(30, read.beatsPerFrame, random, 1), WordSource.EXTERNAL,
        java.util.Optional.of(ExternalMemory.STANDARD), false),
      new WidthUnit("pair", "i", again, pairs),
      new MatrixUnit("reloaded", "l", pairs, loaded, matrix(30, again.beatsPerFrame, random, 1, Some(0.5), 2), WordSource.PACKED),
      new MatrixUnit("renewed", "o", loaded, outside,
        matrix(30, loaded.beatsPerFrame, random, 1, Some(0.5), 1, java.util.Optional.of(ExternalMemory.STANDARD)),
        WordSource.EXTERNAL, java.util.Optional.of(ExternalMemory.STANDARD), false),
      new ArgMaxUnit("argmax", "x", outside, index, 10, false),
      new WidthUnit("widen", "w", index, wide)
    )
  }

  /** @param headroom
    *   if the host loads its coded words
    * @param each
    *   elements of a beat
    * @param memory
    *   outside, if it holds the words
    */
  private def matrix(
      outputs: Int, elements: Int, random: Random, most: Int = 127, headroom: Option[Double] = None, each: Int = 1,
      memory: java.util.Optional[ExternalMemory] = java.util.Optional.empty()
  ): MatrixProgram = {
    val terms = Seq.fill(outputs)((0 until elements).filter(_ => random.nextBoolean()).map { element =>
      new MacProblem.Term(element, 0, random.between(1, most + 1))
    }.asJava)
    val room = headroom.map(new CodedRoom(_, 0.1, java.util.Optional.empty(), memory))
    val loaded = room.map(LoadableWeights.of(new IntegerType(2, true)).withCoded(_))
    val weights = loaded.fold(java.util.Optional.empty[LoadableWeights])(java.util.Optional.of(_))
    new MacScheduler().matrix(new MacProblem(terms.asJava, 1, 4, 1, MacProblem.Copies.NONE, false, weights), FrameBeats.of(elements, each, new IntegerType(8, true)))
  }
}
