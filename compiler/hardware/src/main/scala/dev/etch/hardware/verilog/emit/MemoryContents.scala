// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.emit

import java.util.concurrent.ConcurrentHashMap
import scala.collection.immutable.SortedMap
import scala.jdk.CollectionConverters._

/** Where the contents of read-only memories stand. */
private[verilog] sealed trait MemoryContents {

  /** The Verilog that fills a memory of a module. */
  def fill(module: String, memory: String, width: Int, words: Seq[BigInt]): String
}

/** In the Verilog: hexadecimal, and in many short blocks, as Yosys takes a time that grows
  * with the square of the assignments in a block.
  */
private[verilog] object ContentsInVerilog extends MemoryContents {

  /** Assignments of a block. */
  private val BlockSize = 16

  override def fill(module: String, memory: String, width: Int, words: Seq[BigInt]): String = {
    val text = new StringBuilder
    for (block <- words.indices.grouped(BlockSize)) {
      text ++= "  initial begin\n"
      for (place <- block) text ++= s"    $memory[$place] = $width'h${words(place).toString(16)};\n"
      text ++= "  end\n"
    }
    text.toString
  }
}

/** In files beside the Verilog, one a memory, which `$$readmemh` reads (IEEE 1364-2001, 17.2.8). Several modules may
  * be written at once.
  */
private[verilog] final class ContentsInFiles extends MemoryContents {
  private val texts = new ConcurrentHashMap[String, String]()

  override def fill(module: String, memory: String, width: Int, words: Seq[BigInt]): String = {
    val file = ContentsInFiles.name(module, memory)
    val digits = (width + 3) / 4
    val lines = words.map(word => word.toString(16).reverse.padTo(digits, '0').reverse + "\n")
    texts.put(file, lines.mkString)
    s"""  initial $$readmemh("$file", $memory);\n"""
  }

  /** The text of each file so far. */
  def files: SortedMap[String, String] = SortedMap.from(texts.asScala)
}

private[verilog] object ContentsInFiles {

  /** The file of a memory of a module. */
  def name(module: String, memory: String): String = s"${module}_$memory.hex"
}
