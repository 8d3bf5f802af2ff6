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
  private val Binary = "'b"

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

  /** A line `word = width'bdigits;` with other digits. */
  private def short(line: String): String = {
    val digits = line.indexOf(Binary)
    if (digits < 0) line
    else s"    ${line.substring(0, digits).trim}'h${hexadecimal(line, digits + Binary.length, line.lastIndexOf(';'))};"
  }

  /** The binary digits of a line, without zeros in front. */
  private def hexadecimal(line: String, start: Int, end: Int): String = {
    val first = line.indexOf('1', start)
    if (first < 0) "0"
    else {
      val digits = new java.lang.StringBuilder((end - first + 3) / 4)
      var value = 0
      for (place <- first until end) {
        value = 2 * value + (line.charAt(place) - '0')
        if ((end - place) % 4 == 1) {
          digits.append(Character.forDigit(value, 16))
          value = 0
        }
      }
      digits.toString
    }
  }
}
