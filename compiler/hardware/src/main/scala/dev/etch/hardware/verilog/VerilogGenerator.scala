// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog

import dev.etch.diagnostic.CompilerBug
import dev.etch.hardware.verilog.emit.{ContentsInFiles, ContentsInVerilog, EmptyMemories, MemoryContents, ReadableVerilog}
import dev.etch.hardware.verilog.window.{Box, MultiplierArray, WindowHardware}
import dev.etch.hardware.{Design, LoadMap, RomContents, SharedArray, Target, WindowUnit}
import spinal.core._
import spinal.core.internals.PhaseCheckCrossClock

import java.io.ByteArrayOutputStream
import java.nio.charset.StandardCharsets.UTF_8
import java.nio.file.{Files, Path}
import scala.jdk.CollectionConverters._
import scala.util.control.NonFatal

/** Writes a design as Verilog-2001 that Verilator, Icarus and Yosys read. The same design gives the
  * same bytes.
  */
object VerilogGenerator {

  /** Writes `<rtlFolder>/<design.name>.v`.
    *
    * @param design
    *   what to write
    * @param headerComment
    *   lines for the top of the file: model, version; no dates, no paths
    * @param rtlFolder
    *   made if it does not exist
    * @param designHash
    *   value of the register DESIGN_HASH
    * @param contents
    *   where the contents of read-only memories stand
    * @param target
    *   the family that it is written for, see [[Family]]
    * @return
    *   the files written
    */
  def generate(
      design: Design,
      headerComment: String,
      rtlFolder: Path,
      designHash: Int,
      contents: RomContents,
      target: Target
  ): java.util.List[Path] = {
    Files.createDirectories(rtlFolder)
    val header = headerComment + "\n\n" + InterfaceComment(design)
    val files = contents match {
      case RomContents.IN_VERILOG => Seq(design.name + ".v" -> emit(design, designHash, ContentsInVerilog, target))
      case RomContents.IN_FILES =>
        val memories = new ContentsInFiles
        (design.name + ".v" -> emit(design, designHash, memories, target)) +: memories.files.toSeq
    }
    files.map { case (name, text) =>
      val isVerilog = name.endsWith(".v")
      Files.writeString(rtlFolder.resolve(name), if (isVerilog) comment(header) + text else text, UTF_8)
    }.asJava
  }

  /** The Verilog of all modules: the top and what is small, then windows and arrays, one by one. */
  private[verilog] def emit(design: Design, hash: Int, contents: MemoryContents, target: Target): String = {
    val loaded = LoadMap.of(design)
    val windows = design.units.asScala.collect { case unit: WindowUnit => () => window(design, loaded, unit) }
    val arrays = design.arrays.asScala.map(array => () => Box.inside(multipliers(design, array)))
    val modules = (() => new AcceleratorTop(design, hash)) +: (arrays ++ windows)
    val text = modules.toSeq.asJava.parallelStream
      .map[String](module => annotate(design, emit(design, Family(target)(module()), contents)))
      .toList
      .asScala
      .mkString
    if (loaded.hasCodedWords && !loaded.isDoubled && target.hasEmptyMemories) EmptyMemories.refuseFrames(text) else text
  }

  private def window(design: Design, loaded: LoadMap, unit: WindowUnit): Component = {
    val name = AcceleratorTop.moduleName(design, unit.name)
    Box.inside(new WindowHardware(unit, name, design.arrayOf(unit).isPresent, loaded.of(unit.name)))
  }

  private def multipliers(design: Design, array: SharedArray): Component =
    new MultiplierArray(design, array, AcceleratorTop.moduleName(design, array.name))

  /** SpinalHDL's output; what it has to say is shown only when it fails. */
  private def emit(design: Design, module: => Component, contents: MemoryContents): String = {
    val folder = Files.createTempDirectory("etch-rtl")
    val chatter = new ByteArrayOutputStream()
    try {
      val config = SpinalConfig(
        mode = Verilog,
        targetDirectory = folder.toString,
        netlistFileName = "top.v",
        defaultConfigForClockDomains = AcceleratorTop.Clocking,
        headerWithDate = false,
        headerWithRepoHash = false,
        inlineRom = true,
        nameWhenByFile = false,
        removePruned = true,
        bitVectorWidthMax = Int.MaxValue,
        withTimescale = false
      )
      // There is one clock.
      config.phasesInserters += (_.filterInPlace(!_.isInstanceOf[PhaseCheckCrossClock]))
      config.phasesInserters += ReadableVerilog.replace(contents)
      Console.withOut(chatter)(config.generate(module))
      Files.readString(folder.resolve("top.v"), UTF_8)
    } catch {
      case NonFatal(problem) =>
        val message = s"no Verilog for ${design.name}: $problem\n${chatter.toString(UTF_8)}"
        throw new CompilerBug(message, problem)
    } finally delete(folder)
  }

  private def delete(folder: Path): scala.Unit = {
    val files = Files.list(folder)
    try files.iterator.asScala.toList.foreach(Files.delete(_))
    finally files.close()
    Files.delete(folder)
  }

  /** Puts a comment in front of each unit's module. */
  private def annotate(design: Design, verilog: String): String = {
    val units = design.units.asScala.map { unit =>
      unit.name -> s"Layer: ${printable(unit.layer)}\n${unit.accept(Folding)}"
    }
    val arrays = design.arrays.asScala.map { array =>
      val layers = design.members(array).asScala.map(unit => s"Layer: ${printable(unit.layer)}")
      array.name -> (layers :+ s"${design.lanes(array)} lanes that these layers share").mkString("\n")
    }
    val comments = (units ++ arrays).map { case (part, text) =>
      s"module ${AcceleratorTop.moduleName(design, part)} (" -> text
    }.toMap
    val lines = verilog.linesIterator
      .filterNot(line => line.startsWith("// Generator") || line.startsWith("// Component"))
      .map(line => comments.get(line).fold(line)(text => comment(text) + line).stripTrailing)
      .toSeq
    // One empty line is enough.
    ("" +: lines).zip(lines).collect { case (before, line) if before.nonEmpty || line.nonEmpty => line + "\n" }.mkString
  }

  private def comment(text: String): String =
    text.linesIterator.map(line => s"// ${printable(line)}".stripTrailing + "\n").mkString

  /** Names come from models: only plain characters reach the file, and no line ends in a backslash. */
  private def printable(text: String): String =
    text.map(c => if (c >= ' ' && c <= '~' && c != '\\' && c != '`') c else '?')
}
