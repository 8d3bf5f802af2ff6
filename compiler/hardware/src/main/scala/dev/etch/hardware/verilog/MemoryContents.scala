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
    case Word(word, width, bits) => s"    $word = $width'h${hexadecimal(bits)};"
    case _                       => line
  }

  /** Without zeros in front. */
  private def hexadecimal(bits: String): String = {
    val first = bits.indexOf('1')
    if (first < 0) "0"
    else {
      val digits = new mutable.StringBuilder
      var from = first
      var until = bits.length - (bits.length - 1 - first) / 4 * 4
      while (from < bits.length) {
        digits += Character.forDigit(Integer.parseInt(bits.substring(from, until), 2), 16)
        from = until
        until += 4
      }
      digits.toString
    }
  }
}
