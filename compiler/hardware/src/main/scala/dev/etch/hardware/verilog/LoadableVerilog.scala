// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog

import dev.etch.hardware.verilog.emit.ContentsInFiles
import dev.etch.hardware.{Design, LoadMap, Target, WeightImage}

import scala.jdk.CollectionConverters._

/** The Verilog of a design whose weights the host loads, with what is loaded apart from it.
  *
  * @param structure
  *   without comments and contents of memories, but with those of read-only ones: equal for designs that differ in what is
  *   loaded alone
  * @param image
  *   what is loaded
  */
final case class LoadableVerilog(structure: String, image: WeightImage)

object LoadableVerilog {

  /** That of a design.
    *
    * @param hash
    *   of the design that the image is for
    */
  def of(design: Design, hash: Int): LoadableVerilog = {
    val contents = new ContentsInFiles
    val verilog = VerilogGenerator.emit(design, hash, contents, Target.GENERIC)
    val files = contents.files
    val map = LoadMap.of(design)
    val loaded = map.regions.asScala.map { region =>
      region -> ContentsInFiles.name(AcceleratorTop.moduleName(design, region.unit), region.memory.name)
    }
    val segments = loaded.map { case (region, file) =>
      val words = files(file).linesIterator.map(Integer.parseUnsignedInt(_, 16))
      new WeightImage.Segment(region.base, words.grouped(map.buffers).map(_.head).toArray)
    }
    val constant = files -- loaded.map(_._2)
    val lines = verilog.linesIterator.filterNot(_.startsWith("//"))
    val structure = (lines ++ constant.iterator.map { case (file, text) => file + "\n" + text }).mkString("\n")
    LoadableVerilog(structure, new WeightImage(hash, segments.asJava))
  }
}
