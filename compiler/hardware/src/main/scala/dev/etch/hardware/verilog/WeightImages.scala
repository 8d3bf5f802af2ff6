// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog

import dev.etch.hardware.verilog.emit.ContentsInFiles
import dev.etch.hardware.{Design, LoadMap, WeightImage}

import java.nio.file.{Files, Path}
import scala.jdk.CollectionConverters._

/** Images of weights, from Verilog whose memories have their contents in files. */
object WeightImages {

  /** What the memories that the host loads hold.
    *
    * @param design
    *   that the Verilog was made of
    * @param hash
    *   of the design that the image is for
    * @param rtl
    *   folder of the Verilog and its files
    */
  def read(design: Design, hash: Int, rtl: Path): WeightImage = {
    val segments = LoadMap.of(design).regions.asScala.map { region =>
      val module = AcceleratorTop.moduleName(design, region.unit)
      val lines = Files.readAllLines(rtl.resolve(ContentsInFiles.name(module, region.memory.name)))
      new WeightImage.Segment(region.base, lines.asScala.map(Integer.parseUnsignedInt(_, 16)).toArray)
    }
    new WeightImage(hash, segments.asJava)
  }

  /** The Verilog in a folder, without comments: equal for designs that differ in what is loaded alone. */
  def structure(rtl: Path): String = {
    val files = Files.list(rtl)
    try
      files.iterator.asScala.toSeq
        .filter(_.toString.endsWith(".v"))
        .sortBy(_.getFileName.toString)
        .flatMap(file => Files.readAllLines(file).asScala)
        .filterNot(_.startsWith("//"))
        .mkString("\n")
    finally files.close()
  }
}
