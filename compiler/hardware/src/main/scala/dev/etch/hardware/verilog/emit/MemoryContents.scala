// SPDX-License-Identifier: Apache-2.0
package dev.etch.hardware.verilog.emit

/** Writes the contents of memories: hexadecimal, and in many short blocks, as Yosys takes a time that grows
  * with the square of the assignments in a block.
  */
private[emit] object MemoryContents {

  /** Assignments of a block. */
  private val BlockSize = 16

  /** The blocks that fill a memory. */
  def apply(name: String, width: Int, words: Seq[BigInt]): String = {
    val text = new StringBuilder
    for (block <- words.indices.grouped(BlockSize)) {
      text ++= "  initial begin\n"
      for (place <- block) text ++= s"    $name[$place] = $width'h${words(place).toString(16)};\n"
      text ++= "  end\n"
    }
    text.toString
  }
}
