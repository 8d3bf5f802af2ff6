// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog

import scala.collection.mutable

/** Writes the contents of memories compactly: SpinalHDL gives every word an assignment of its own,
  * which makes files of many megabytes and simulators that take a minute to build. Here the words are
  * packed into hexadecimal constants that a loop unpacks; what a synthesizer reads is the same.
  */
private[verilog] object MemoryContents {

  /** Below this many words the assignments stay. */
  private val FewestWords = 16

  /** Wide enough to keep the lines few, narrow enough for the limits of simulators. */
  private val MostConstantBits = 2048

  private val Start = "initial begin"
  private val Word = """\s+(\w+)\[\d+\] = (\d+)'b([01]+);""".r

  /** One word of a memory. */
  private case class Entry(memory: String, width: Int, bits: String)

  /** The Verilog with all long lists of words packed. */
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
    val end = lines.next()
    val entries = block.flatMap(parse)
    if (entries.size == block.size && entries.size >= FewestWords) {
      pack(entries.toSeq).foreach(line => result.append("  ").append(line).append('\n'))
    } else {
      (s"  $Start" +: block :+ end).foreach(line => result.append(line).append('\n'))
    }
  }

  private def parse(line: String): Option[Entry] = line match {
    case Word(memory, width, bits) => Some(Entry(memory, width.toInt, bits))
    case _                         => None
  }

  private def pack(entries: Seq[Entry]): Seq[String] = {
    val Entry(memory, width, _) = entries.head
    val groups = entries.map(_.bits).grouped(math.max(1, MostConstantBits / width)).toSeq
    val constants = groups.zipWithIndex.map { case (words, index) =>
      val bits = words.size * width
      val digits = BigInt(words.reverse.mkString, 2).toString(16)
      s"localparam [${bits - 1}:0] ${memory}_words$index = $bits'h$digits;"
    }
    val starts = groups.scanLeft(0)(_ + _.size)
    val loops = groups.zip(starts).zipWithIndex.map { case ((words, start), index) =>
      // divides the bit's index instead of multiplying the word's: each * is a multiplier
      val at = s"${memory}_at"
      s"  for ($at = 0; $at < ${words.size * width}; $at = $at + $width) " +
        s"$memory[$start + $at / $width] = ${memory}_words$index[$at +: $width];"
    }
    Seq("// verilator lint_off WIDTH", s"integer ${memory}_at;") ++ constants ++
      (Start +: loops :+ "end") :+ "// verilator lint_on WIDTH"
  }
}
