// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog

import scala.collection.mutable

/** Writes the contents of memories compactly: SpinalHDL gives every word an assignment of its own in
  * binary digits. Here they are hexadecimal, and in many short blocks: Yosys takes a time that grows
  * with the square of the assignments in a block.
  */
private[verilog] object MemoryContents {

  /** Assignments of a block. */
  private val BlockSize = 16

  private val Start = "initial begin"
  private val Word = """\s+(\w+\[\d+\]) = (\d+)'b([01]+);""".r

  /** The Verilog with the contents of all memories rewritten. */
  def compact(verilog: String): String = {
    val lines = verilog.linesIterator.buffered
    val result = new mutable.StringBuilder
    while (lines.hasNext) {
      val line = lines.next()
      if (line.trim == Start) initialBlock(lines, result)
      else result.append(line).append('\n')
    }
    result.toString
  }

  private def initialBlock(lines: collection.BufferedIterator[String], result: StringBuilder): Unit = {
    val block = mutable.ArrayBuffer[String]()
    while (lines.head.trim != "end") block += lines.next()
    lines.next()
    for (part <- block.grouped(BlockSize)) {
      (s"  $Start" +: part.map(short) :+ "  end").foreach(line => result.append(line).append('\n'))
    }
  }

  private def short(line: String): String = line match {
    case Word(word, width, bits) => s"    $word = $width'h${BigInt(bits, 2).toString(16)};"
    case _                       => line
  }
}
